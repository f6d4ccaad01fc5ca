/**
 * Looks for the 101 and not for the status.
 *
 * Verdict: the status is whatever the first line says
 */

import type { SplitPacket } from '../../../../chapters/03-hijack/exercises/hijack-split.ts'

export function splitPacket(packet: Uint8Array): SplitPacket {
  const bytes = Buffer.from(packet)
  return { status: 101, early: bytes.subarray(bytes.indexOf('\r\n\r\n') + 4) }
}
