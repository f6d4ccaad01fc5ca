/**
 * Shifts, as one would in C.
 *
 * Verdict: a length has no sign
 */

import type { FrameHeader } from '../../../../chapters/05-copy-loops/exercises/copy-loops-header.ts'

export function readFrameHeader(header: Uint8Array): FrameHeader {
  const stream = (['stdin', 'stdout', 'stderr', 'system error'] as const)[header[0] ?? 0]
  if (!stream) throw new Error(`Unrecognized input header: ${header[0]}`)
  const [a = 0, b = 0, c = 0, d = 0] = header.subarray(4)
  return { stream, length: (a << 24) | (b << 16) | (c << 8) | d }
}
