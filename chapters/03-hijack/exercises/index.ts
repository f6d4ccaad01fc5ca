/**
 * The exercises of chapter 3, with their hints.
 *
 * @module
 */

import { type Exercise, partExercise, stageExercise } from '../../../src/judging/exercise.ts'

/** The whole stage first, then a part of it. */
export const exercises: readonly Exercise[] = [
  stageExercise('03-hijack', {
    exports: 'hijack',
    task: 'take the connection away from HTTP, and lose nothing on the way',
    hints: [
      'Chapter 3: "Three things have to be right".',
      'The framing follows from the tty that we asked for, not from the Content-Type: an older daemon says raw-stream in both cases.',
      "early: takeEarlyBytes(socket), framing: started.tty ? 'raw' : 'stdcopy'",
    ],
  }),
  partExercise('03-hijack', 'split', {
    exports: 'splitPacket',
    task: 'divide a packet where HTTP ends',
    solution: 'exercises/hijack-split.solution.ts',
    hints: [
      'Chapter 3, "The bytes that came too early": the packet is drawn there.',
      'Search the bytes for 0d 0a 0d 0a, the first one. Make a text of the head only: not all bytes of a session are UTF-8.',
      "Buffer.from(packet).indexOf('\\r\\n\\r\\n')",
    ],
  }),
]
