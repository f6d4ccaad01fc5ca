/**
 * # Exercise 3, small: where HTTP ends
 *
 * In: the bytes of one packet, as the socket gave them: a whole answer's head, and perhaps the
 * beginning of the session behind it.
 *
 * Out: the status, and the bytes that are not HTTP any more.
 *
 * You are done when no byte is lost or changed, whatever the session's first bytes are.
 *
 * @module
 */

import { notWritten } from '../../../src/judging/not-written.ts'

/** An answer's status, and what came behind its head. */
export type SplitPacket = { readonly status: number; readonly early: Uint8Array }

/** Divides a packet, yours. */
export function splitPacket(packet: Uint8Array): SplitPacket {
  // YOUR CODE
  // The head ends at the first empty line. It is text; what comes behind it need not be.
  throw notWritten('3 hijack-split', packet)
}
