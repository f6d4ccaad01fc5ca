/**
 * The exercises of chapter 5, with their hints.
 *
 * @module
 */

import { type Exercise, partExercise, stageExercise } from '../../../src/judging/exercise.ts'

/** The whole stage first, then a part of it. */
export const exercises: readonly Exercise[] = [
  stageExercise('05-copy-loops', {
    exports: 'copyLoops',
    task: 'write the loop that takes what we type to the daemon',
    hints: [
      'Chapter 5, "When is it over?": what do we tell the daemon when our input ends?',
      'A half-close ends one direction. The search for detach keys is only for a tty; what it lets pass is `pass`, a list of chunks.',
      "void ended.then(() => { socket.end(); resolve('end') })",
    ],
  }),
  partExercise('05-copy-loops', 'header', {
    exports: 'readFrameHeader',
    task: 'read the header of a frame',
    solution: 'exercises/copy-loops-header.solution.ts',
    hints: [
      'src/stream/frames.ts draws two frames. Chapter 5 has two more.',
      'Four bytes, the most significant one first, without a sign. JavaScript shifts 32 bits with a sign; a DataView does not.',
      'new DataView(header.buffer, header.byteOffset, header.byteLength).getUint32(4)',
    ],
  }),
]
