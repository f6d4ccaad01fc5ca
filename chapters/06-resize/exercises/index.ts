/**
 * The exercises of chapter 6, with their hints.
 *
 * @module
 */

import { type Exercise, partExercise, stageExercise } from '../../../src/judging/exercise.ts'

/** The whole stage first, then a part of it. */
export const exercises: readonly Exercise[] = [
  stageExercise('06-resize', {
    exports: 'resize',
    task: 'give the terminal in the container the size of our window, and keep it so',
    hints: [
      'Chapter 6, "Why now, and why again".',
      'Listen before you send: a window that changes in between would keep the old size. And do not wait for tryAgain: the session goes on meanwhile. In a then, the types want an async function: .then(async (taken) => taken || tryAgain(copying, kit)).',
      "const resizes = kit.scope.hold('window size', 'SIGWINCH' as const, stop)",
    ],
  }),
  partExercise('06-resize', 'path', {
    exports: 'resizePath',
    task: 'make a request of a size',
    solution: 'exercises/resize-path.solution.ts',
    hints: [
      'Chapter 6 shows the request under "On the wire".',
      'h is the height, the number of rows. What would 0 by 0 do to a terminal that has a size?',
      '/exec/fc9c…/resize?h=69&w=236, with execId, rows and columns in it.',
    ],
  }),
]
