/**
 * The solution of the small exercise of chapter 3.
 *
 * @module
 */

import type { SplitPacket } from './hijack-split.ts'

/** Divides a packet into the status of the answer and the session's first bytes. */
export function splitPacket(packet: Uint8Array): SplitPacket {
  const emptyLine = '\r\n\r\n'
  const bytes = Buffer.from(packet)
  const end = bytes.indexOf(emptyLine)
  const head = bytes.toString('latin1', 0, end)
  const [, status] = head.split(' ', 2)
  // Bytes all the way: as text, a byte that is not UTF-8 would become three others.
  return { status: Number(status), early: Uint8Array.from(bytes.subarray(end + emptyLine.length)) }
}
