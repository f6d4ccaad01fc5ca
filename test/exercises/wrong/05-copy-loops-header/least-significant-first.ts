/**
 * Takes the least significant byte first, as most processors do.
 *
 * Verdict: the length is in the last four bytes, the most significant first
 */

import type { FrameHeader } from '../../../../chapters/05-copy-loops/exercises/copy-loops-header.ts'

export function readFrameHeader(header: Uint8Array): FrameHeader {
  const stream = (['stdin', 'stdout', 'stderr', 'system error'] as const)[header[0] ?? 0]
  if (!stream) throw new Error(`Unrecognized input header: ${header[0]}`)
  return { stream, length: Buffer.from(header).readUInt32LE(4) }
}
