/**
 * # Exercise 3, small: where does HTTP end?
 *
 * In: the bytes of one packet from the socket. It holds the whole head of a
 * response, and perhaps the first bytes of the session after it.
 *
 * Out: the status, and the bytes that are no longer HTTP.
 *
 * You are done when no byte is lost or changed, even if the session's first
 * bytes are not text.
 *
 * @module
 */

import { notWritten } from '../../../src/judging/not-written.ts'

/** The status of a response, and the bytes after its head. */
export type SplitPacket = { readonly status: number; readonly early: Uint8Array }

/** Splits a packet: your version. */
export function splitPacket(packet: Uint8Array): SplitPacket {
  // YOUR CODE
  // The head ends at the first blank line. The head is text; the bytes after
  // it may not be.
  throw notWritten('3 hijack-split', packet)
}
