/**
 * Takes the last byte for the length.
 *
 * Verdict: the most significant byte of the length comes first
 */

import type { FrameHeader } from '../../../../chapters/05-copy-loops/exercises/copy-loops-header.ts'

export function readFrameHeader(header: Uint8Array): FrameHeader {
  const stream = (['stdin', 'stdout', 'stderr', 'system error'] as const)[header[0] ?? 0]
  if (!stream) throw new Error(`Unrecognized input header: ${header[0]}`)
  return { stream, length: header[7] ?? 0 }
}
