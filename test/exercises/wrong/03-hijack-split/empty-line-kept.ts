/**
 * Divides before the empty line.
 *
 * Verdict: what stands behind the empty line is early
 */

import type { SplitPacket } from '../../../../chapters/03-hijack/exercises/hijack-split.ts'

export function splitPacket(packet: Uint8Array): SplitPacket {
  const bytes = Buffer.from(packet)
  const end = bytes.indexOf('\r\n\r\n')
  return { status: Number(bytes.toString('latin1', 9, 12)), early: bytes.subarray(end) }
}
