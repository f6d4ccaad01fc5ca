/**
 * # Exercise 5, small: the header of a frame
 *
 * In: the eight bytes of a stdcopy frame's header.
 *
 * Out: the stream that the payload belongs to, and its length in bytes.
 *
 * You are done when the output of a daemon can be split into stdout and
 * stderr with your function, and lengths near 4 GiB come out right.
 *
 * @module
 */

import { notWritten } from '../../../src/judging/not-written.ts'

/** The contents of a header. */
export type FrameHeader = {
  /**
   * Streams 0 to 3. Stream 3, `system error`, is a message from the daemon
   * itself.
   */
  readonly stream: 'stdin' | 'stdout' | 'stderr' | 'system error'
  /** The length of the payload, in bytes: 0 to 4294967295. */
  readonly length: number
}

/** Reads a header. This one is yours to write. */
export function readFrameHeader(header: Uint8Array): FrameHeader {
  // YOUR CODE
  // The first byte is the stream: 0, 1, 2 or 3. For any other number throw an
  // Error that names it. The last four bytes are the length, most significant
  // byte first.
  throw notWritten('5 copy-loops-header', header)
}
