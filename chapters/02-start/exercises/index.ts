/**
 * The exercises of chapter 2, with their hints.
 *
 * @module
 */

import { type Exercise, partExercise, stageExercise } from '../../../src/judging/exercise.ts'

/** The whole stage first, then a part of it. */
export const exercises: readonly Exercise[] = [
  stageExercise('02-start', {
    exports: 'start',
    task: 'start the command, and ask for the connection as its input and output',
    hints: [
      'Chapter 2, "One request, two kinds of answer". Which callback does undici, our HTTP client, call for which answer?',
      'Pass the answer on, whatever its status. Hold the socket as soon as you have it, or a run that stops here leaks it.',
      "connection: socket && kit.scope.hold('connection', socket, () => socket.destroy())",
    ],
  }),
  partExercise('02-start', 'head', {
    exports: 'startRequest',
    task: 'write the request by hand, byte by byte',
    solution: 'exercises/start-head.solution.ts',
    hints: [
      'Chapter 2 shows the request under "On the wire", without Host and Content-Length. On a Unix socket any host name will do.',
      'Each line ends with \\r\\n, and a blank line separates the head from the body. Asking for the upgrade takes two headers.',
      'Content-Length is Buffer.byteLength(body), Connection is Upgrade, and Upgrade is tcp.',
    ],
  }),
]
