/**
 * The solution of the small exercise of chapter 5.
 *
 * @module
 */

import type { FrameHeader } from './copy-loops-header.ts'

/** Reads the header of a stdcopy frame. */
export function readFrameHeader(header: Uint8Array): FrameHeader {
  const streams = ['stdin', 'stdout', 'stderr', 'system error'] as const
  const number = header[0] ?? 0
  const stream = streams[number]
  // A terminal's output isn't framed. Its first byte is usually a character,
  // which is not a valid stream number.
  if (!stream) throw new Error(`Unrecognized input header: ${number}`)
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  return { stream, length: view.getUint32(4) }
}
