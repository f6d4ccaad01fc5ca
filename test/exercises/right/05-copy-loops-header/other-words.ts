/**
 * Says it in other words, and counts by hand.
 */

import type { FrameHeader } from '../../../../chapters/05-copy-loops/exercises/copy-loops-header.ts'

export function readFrameHeader(header: Uint8Array): FrameHeader {
  const [number = 0, , , , a = 0, b = 0, c = 0, d = 0] = header
  const stream = (['stdin', 'stdout', 'stderr', 'system error'] as const)[number]
  if (!stream) throw new RangeError(`this is no frame: nobody has stream ${number}`)
  return { stream, length: ((a * 256 + b) * 256 + c) * 256 + d }
}
