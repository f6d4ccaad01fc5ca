/**
 * The exercises of chapter 7 and their hints.
 *
 * @module
 */

import { type Exercise, partExercise, stageExercise } from '../../../src/judging/exercise.ts'

/** The exercises of chapter 7: the whole stage, then one function of it. */
export const exercises: readonly Exercise[] = [
  stageExercise('07-exit-code', {
    exports: 'exitCode',
    task: 'wait for the end, restore the terminal, and get the exit code',
    hints: [
      'Read “When there is no code” in chapter 7.',
      'Wait first, because there is no code before the end. Then release rawMode and resizes, so a message appears on a restored terminal.',
      'const ending = await resizing.ended; await resizing.rawMode?.release()',
    ],
  }),
  partExercise('07-exit-code', 'note', {
    exports: 'exitCodeIn',
    task: 'read the exit code from the daemon’s note',
    solution: 'exercises/exit-code-note.solution.ts',
    hints: [
      'Chapter 7 shows the note under “On the wire”.',
      '0 is an exit code and null means that there is none yet, but `||` treats both the same.',
      'if (Running) return undefined',
    ],
  }),
]
