/**
 * The exercises of chapter 5, with their hints.
 *
 * @module
 */

import { type Exercise, partExercise, stageExercise } from '../../../src/judging/exercise.ts'

/** The stage itself, then a smaller part of it. */
export const exercises: readonly Exercise[] = [
  stageExercise('05-copy-loops', {
    exports: 'copyLoops',
    task: 'write the loop that sends what we type to the daemon',
    hints: [
      'Chapter 5, "When is it over?": how does the daemon learn that our input has ended?',
      'A half-close closes only our direction. Search for detach keys only under a tty, and send what the search returns in `pass`, a list of chunks.',
      "return new Promise((resolve) => { const ended = input.read((chunk) => …); void ended.then(() => { socket.end(); resolve('end') }) })",
    ],
  }),
  partExercise('05-copy-loops', 'header', {
    exports: 'readFrameHeader',
    task: 'read the header of a frame',
    solution: 'exercises/copy-loops-header.solution.ts',
    hints: [
      'src/stream/frames.ts shows two frames byte by byte, and chapter 5 shows two more.',
      'The length is unsigned, four bytes, most significant first. JavaScript’s << makes a signed number; a DataView can read an unsigned one.',
      'new DataView(header.buffer, header.byteOffset, header.byteLength).getUint32(4)',
    ],
  }),
]
