/**
 * Takes the last two bytes for the length: who would write more at once?
 *
 * Verdict: the length has four bytes
 */

import type { FrameHeader } from '../../../../chapters/05-copy-loops/exercises/copy-loops-header.ts'

export function readFrameHeader(header: Uint8Array): FrameHeader {
  const stream = (['stdin', 'stdout', 'stderr', 'system error'] as const)[header[0] ?? 0]
  if (!stream) throw new Error(`Unrecognized input header: ${header[0]}`)
  return { stream, length: (header[6] ?? 0) * 256 + (header[7] ?? 0) }
}
