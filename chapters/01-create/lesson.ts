/**
 * What the workbook has beside stage 1: where Docker's client does the same, and how the chapter is
 * taught in a room.
 *
 * @module
 */

import { in2015, type LessonNotes, today } from '../../src/questions/lesson.ts'

/** The lesson of chapter 1. */
export const lesson: LessonNotes = {
  story:
    'A container is running, and you want one more process in it: a shell. We, the client, cannot start it. Docker’s daemon can: it runs as root, owns the containers, and takes orders over HTTP. So we send it a note, in a request called create: which command, as which user, with a terminal or without. The daemon checks the note, puts it in a drawer, and tells us the number that it wrote on it: the exec ID.',
  missing:
    'The note waits in its drawer until we ask the daemon to start it. No process runs yet, and we have no way to talk to one. Each chapter begins anew, so chapter 2 will write a note of its own.',
  docker: [
    in2015('api/client/exec.go', 'CmdExec', 'Posts the ExecConfig and reads the Id of the answer.'),
    today(
      'cli/command/container/exec.go',
      'RunExec',
      'Inspects the container first, so that nothing is created for one that is not there; then ExecCreate, with the size of the console.',
    ),
  ],
  minutes: { story: 3, run: 2, look: 2, experiment: 5, exercise: 8 },
  workshop: {
    look: 'The POST and its 201 on the wire, and `execId` in the state: everybody has another one.',
    experiment: 'never-started',
    afterExperiment:
      'A create makes a note and no process. Nobody comes for it, and no request takes it back: it stays until its container is removed. That is why both checks stand before it.',
    afterExercise:
      'Who had the check of the terminal behind the POST? So had docker in 2015, and each run without a terminal left a note behind.',
    anotherExperiment: 'misspelt-field',
  },
}
