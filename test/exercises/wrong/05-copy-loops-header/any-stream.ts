/**
 * Takes everything that is not stderr for stdout.
 *
 * Verdict: there is no stream 35
 */

import type { FrameHeader } from '../../../../chapters/05-copy-loops/exercises/copy-loops-header.ts'

export function readFrameHeader(header: Uint8Array): FrameHeader {
  const names = { 0: 'stdin', 2: 'stderr', 3: 'system error' } as const
  const stream = names[header[0] as 0 | 2 | 3] ?? ('stdout' as const)
  return { stream, length: Buffer.from(header).readUInt32BE(4) }
}
