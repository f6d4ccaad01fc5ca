/**
 * Looks for the end of the head from behind.
 *
 * Verdict: only the first empty line ends the head
 */

import type { SplitPacket } from '../../../../chapters/03-hijack/exercises/hijack-split.ts'

export function splitPacket(packet: Uint8Array): SplitPacket {
  const bytes = Buffer.from(packet)
  const end = bytes.lastIndexOf('\r\n\r\n')
  return { status: Number(bytes.toString('latin1', 9, 12)), early: bytes.subarray(end + 4) }
}
