/**
 * Makes a text of the whole packet.
 *
 * Verdict: as text, a byte that is no UTF-8 becomes ef bf bd
 */

import type { SplitPacket } from '../../../../chapters/03-hijack/exercises/hijack-split.ts'

export function splitPacket(packet: Uint8Array): SplitPacket {
  const text = Buffer.from(packet).toString()
  const end = text.indexOf('\r\n\r\n')
  return { status: Number(text.split(' ')[1]), early: Buffer.from(text.slice(end + 4)) }
}
