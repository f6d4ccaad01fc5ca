/**
 * Knows the three streams that come, and not the one that goes.
 *
 * Verdict: stream 0 is stdin
 */

import type { FrameHeader } from '../../../../chapters/05-copy-loops/exercises/copy-loops-header.ts'

export function readFrameHeader(header: Uint8Array): FrameHeader {
  const stream = ([undefined, 'stdout', 'stderr', 'system error'] as const)[header[0] ?? 0]
  if (!stream) throw new Error(`Unrecognized input header: ${header[0]}`)
  return { stream, length: Buffer.from(header).readUInt32BE(4) }
}
