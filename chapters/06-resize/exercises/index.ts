/**
 * The exercises of chapter 6 and their hints.
 *
 * @module
 */

import { type Exercise, partExercise, stageExercise } from '../../../src/judging/exercise.ts'

/** The exercises of chapter 6: the whole stage, then one function of it. */
export const exercises: readonly Exercise[] = [
  stageExercise('06-resize', {
    exports: 'resize',
    task: 'keep the container’s terminal at the size of our window',
    hints: [
      'Read “When the size is sent” in chapter 6.',
      'Listen before you send. Otherwise a change in between is lost and the container’s terminal keeps the old size. Don’t wait for tryAgain: the session goes on meanwhile. If you use .then(…), make the callback async, or TypeScript rejects the mixed result: .then(async (accepted) => accepted || tryAgain(copying, kit)).',
      "const resizes = kit.scope.hold('window size', 'SIGWINCH' as const, stop)",
    ],
  }),
  partExercise('06-resize', 'path', {
    exports: 'resizePath',
    task: 'turn a window size into a request path',
    solution: 'exercises/resize-path.solution.ts',
    hints: [
      'Chapter 6 shows the request under “On the wire”.',
      'h is the height, that is, the number of rows. What would 0 by 0 do to a terminal that already has a size?',
      'The path is /exec/fc9c…/resize?h=69&w=236, with execId, rows and columns filled in.',
    ],
  }),
]
