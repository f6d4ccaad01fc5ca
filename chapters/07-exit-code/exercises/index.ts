/**
 * The exercises of chapter 7, with their hints.
 *
 * @module
 */

import { type Exercise, partExercise, stageExercise } from '../../../src/judging/exercise.ts'

/** The whole stage first, then a part of it. */
export const exercises: readonly Exercise[] = [
  stageExercise('07-exit-code', {
    exports: 'exitCode',
    task: 'wait for the end, give the terminal back, and ask how it ended',
    hints: [
      'Chapter 7, "When there is no code".',
      'Wait first: before the end there is no code. Then release what is held, so that a message lands on a terminal that is in order.',
      'const ending = await resizing.ended; await resizing.rawMode?.release()',
    ],
  }),
  partExercise('07-exit-code', 'note', {
    exports: 'exitCodeIn',
    task: 'read the exit code in the daemon’s note',
    solution: 'exercises/exit-code-note.solution.ts',
    hints: [
      'Chapter 7 shows the note under "On the wire".',
      'A 0 is a code and null is none, and to `||` they are the same.',
      'if (Running) return undefined',
    ],
  }),
]
