/**
 * The material around stage 2: its story, the same place in Docker's client,
 * and notes for a workshop.
 *
 * @module
 */

import type { LessonNotes } from '../../src/questions/lesson.ts'

/** The lesson of chapter 2. */
export const lesson: LessonNotes = {
  story:
    'HTTP takes turns: a request, then its answer. A shell doesn’t: it prints when it has something to say, and you type when you like. So the request that runs the command, the start, asks for the connection itself, with two headers: Connection: upgrade and Upgrade: tcp. If the daemon agrees, this connection carries plain bytes after its answer, in both directions. Browsers open a WebSocket the same way.',
  missing:
    'The command runs, and its bytes travel on connection 2. But our HTTP library may already have read some of them, and the socket is still set up for HTTP.',
  minutes: { story: 3, run: 2, look: 2, experiment: 5, exercise: 10 },
  workshop: {
    look: 'The two headers of the start and the 101 below them, both on the second connection, and `connection` in the state.',
    experiment: 'command-not-found',
    afterExperiment:
      'The daemon sends the 101 before it tries to start the program. An error after the 101 has no status: all you get is a message in the output, on stdout from dockerd and on stderr from Podman, and the exit code.',
    afterExercise:
      'What closes the connection if the run stops after this chapter? And why do we pass a refusal on to chapter 3 instead of throwing an error?',
    anotherExperiment: 'started-twice',
  },
}
