/**
 * # Exercise 5, small: the header of a frame
 *
 * In: the eight bytes of a stdcopy frame's header.
 *
 * Out: which stream the payload belongs to, and how many bytes it has.
 *
 * You are done when what a real daemon sends for two streams comes apart into the two again, also
 * for a frame that is longer than you would think.
 *
 * @module
 */

import { notWritten } from '../../../src/judging/not-written.ts'

/** What a header says. */
export type FrameHeader = {
  /** 3 is a message of the daemon itself. */
  readonly stream: 'stdin' | 'stdout' | 'stderr' | 'system error'
  /** The length of the payload, in bytes: 0 to 4294967295. */
  readonly length: number
}

/** Reads a header, yours. */
export function readFrameHeader(header: Uint8Array): FrameHeader {
  // YOUR CODE
  // The first byte is the stream: 0, 1, 2 or 3. Anything else is no frame: throw an Error that
  // says which number it was. The last four bytes are the length, the most significant one first.
  throw notWritten('5 copy-loops-header', header)
}
