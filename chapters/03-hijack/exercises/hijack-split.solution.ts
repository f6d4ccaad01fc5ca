/**
 * The solution of the small exercise of chapter 3.
 *
 * @module
 */

import type { SplitPacket } from './hijack-split.ts'

/**
 * Splits a packet into the status of the response and the first bytes of the
 * session.
 */
export function splitPacket(packet: Uint8Array): SplitPacket {
  const blankLine = '\r\n\r\n'
  const bytes = Buffer.from(packet)
  const end = bytes.indexOf(blankLine)
  const head = bytes.toString('latin1', 0, end)
  const [, status] = head.split(' ', 2)
  // Never decode these bytes: a byte that isn't valid UTF-8 would turn into
  // three others.
  return { status: Number(status), early: Uint8Array.from(bytes.subarray(end + blankLine.length)) }
}
