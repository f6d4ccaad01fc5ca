/**
 * The material around stage 1: its story, the same place in Docker's client,
 * and notes for a workshop.
 *
 * @module
 */

import type { LessonNotes } from '../../src/questions/lesson.ts'

/** The lesson of chapter 1. */
export const lesson: LessonNotes = {
  story:
    'A container is running, and you want one more process in it: a shell. We, the client, can’t start it. Docker’s daemon can: it usually runs as root, owns the containers, and takes orders over HTTP. So we send it a note, in a request called create: which command, as which user, with or without a terminal. The daemon checks the note, files it under a number, and sends us that number: the exec ID.',
  missing:
    'The note waits until we ask the daemon to start it. No process runs yet, and we have no way to talk to one. Every run starts from stage 1, so `npm run chapter 2` creates an exec of its own first.',
  minutes: { story: 3, run: 2, look: 2, experiment: 5, exercise: 8 },
  workshop: {
    look: 'The POST and its 201 on the wire, and `execId` in the state. Compare yours with your neighbour’s: every run gets a different one.',
    experiment: 'never-started',
    afterExperiment:
      'A create makes a note, not a process. No request deletes it: if we never start it, dockerd keeps it until the container stops. That’s why the terminal check comes before the create. The container check comes first so that a mistyped name isn’t reported as a missing terminal.',
    afterExercise:
      'Did you check the terminal after the POST? So did docker in 2015, and every run without a terminal leaked an exec.',
    anotherExperiment: 'misspelt-field',
  },
}
