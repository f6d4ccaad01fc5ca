/**
 * What the workbook has beside stage 2: where Docker's client does the same, and how the chapter is
 * taught in a room.
 *
 * @module
 */

import { in2015, type LessonNotes, today } from '../../src/questions/lesson.ts'

/** The lesson of chapter 2. */
export const lesson: LessonNotes = {
  story:
    'HTTP takes turns: a request, then its answer. A shell does not: it writes when it has something to say, and you type when you like. So the request that runs the command, the start, asks for more than an answer: for the connection itself. Two headers, Connection: upgrade and Upgrade: tcp, say: if you agree, plain bytes go both ways here after your answer. Browsers open a WebSocket in the same way.',
  missing:
    'The command runs, and its bytes travel on connection 2. But our HTTP library still holds that connection, and it understands nothing but HTTP.',
  docker: [
    in2015(
      'api/client/exec.go',
      'CmdExec',
      'Checks the terminal, and posts the start if detached.',
    ),
    today(
      'cli/command/container/exec.go',
      'interactiveExec',
      'Attaches to the exec, which is what sends the start with the upgrade.',
    ),
  ],
  minutes: { story: 3, run: 2, look: 2, experiment: 5, exercise: 10 },
  workshop: {
    look: 'The two headers of the start and the 101 below them, on the second connection, and `connection` in the state.',
    experiment: 'command-not-found',
    afterExperiment:
      'The 101 came before anybody had looked for the program. What goes wrong behind it has no status any more: there is a sentence in the output, which dockerd puts on stdout and Podman on stderr, and there is the exit code.',
    afterExercise:
      'Who closes the connection if the walk stops here? And why is a refusal passed on and not thrown: who has the words for it?',
    anotherExperiment: 'started-twice',
  },
}
