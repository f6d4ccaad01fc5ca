/**
 * The exercises of chapter 3, with their hints.
 *
 * @module
 */

import { type Exercise, partExercise, stageExercise } from '../../../src/judging/exercise.ts'

/** The exercise for the whole stage, then the one for a part of it. */
export const exercises: readonly Exercise[] = [
  stageExercise('03-hijack', {
    exports: 'hijack',
    task: 'take the connection away from HTTP without losing a byte',
    hints: [
      'See chapter 3, after "Three things have to be right".',
      'Derive the framing from the tty you asked for. The Content-Type won’t do: an older daemon says raw-stream with and without a tty.',
      "early: takeEarlyBytes(socket), framing: started.tty ? 'raw' : 'stdcopy'",
    ],
  }),
  partExercise('03-hijack', 'split', {
    exports: 'splitPacket',
    task: 'split a packet where HTTP ends',
    solution: 'exercises/hijack-split.solution.ts',
    hints: [
      'See chapter 3, "Early bytes": it draws the packet.',
      'Find the first 0d 0a 0d 0a in the bytes. Decode only the head: the bytes of a session need not be valid UTF-8.',
      "Buffer.from(packet).indexOf('\\r\\n\\r\\n')",
    ],
  }),
]
