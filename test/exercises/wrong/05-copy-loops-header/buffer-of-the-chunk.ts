/**
 * Reads from the buffer behind the view.
 *
 * Verdict: its buffer begins earlier, at byteOffset
 */

import type { FrameHeader } from '../../../../chapters/05-copy-loops/exercises/copy-loops-header.ts'

export function readFrameHeader(header: Uint8Array): FrameHeader {
  const stream = (['stdin', 'stdout', 'stderr', 'system error'] as const)[header[0] ?? 0]
  if (!stream) throw new Error(`Unrecognized input header: ${header[0]}`)
  return { stream, length: new DataView(header.buffer).getUint32(4) }
}
