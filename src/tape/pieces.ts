/**
 * Finds the stdcopy frames in received bytes in order to show them: which
 * bytes are a header, and what it says. The copy loop has its own parser in
 * `src/stream/frames.ts`, which discards the headers.
 *
 * Reads do not respect frames. One may return half a header, the next one the
 * other half and twenty more frames.
 *
 * @module
 */

import { headerLength, stream } from '../stream/frames.ts'

/** The two fields of a frame header. `length` is the payload's, in bytes. */
export type FrameHeader = { readonly stream: number; readonly length: number }

/** Bytes that belong together: a header, part of a header, or payload. */
export type Piece = {
  readonly bytes: Uint8Array
  /**
   * The frame they belong to. Undefined under a tty, or while the header is
   * incomplete.
   */
  frame?: FrameHeader
  /** For header bytes: their offset in the header. Undefined for payload. */
  readonly headerAt?: number
}

/**
 * Returns a function that splits received chunks where headers begin and end.
 * A chunk may end anywhere in a frame.
 */
export function createFrameCutter(): (bytes: Uint8Array) => Piece[] {
  // The parts of the current header so far.
  let header: Piece[] = []
  let frame: FrameHeader | undefined
  let remaining = 0
  // After an invalid header or the daemon's own message (stream 3) no frames
  // follow.
  let expectsFrames = true
  return function cut(bytes) {
    const pieces: Piece[] = []
    for (let at = 0; at < bytes.length; ) {
      if (!expectsFrames || remaining > 0) {
        const payload = expectsFrames ? bytes.subarray(at, at + remaining) : bytes.subarray(at)
        pieces.push({ bytes: payload, ...(frame && { frame }) })
        remaining -= payload.length
        at += payload.length
        continue
      }
      const headerAt = lengthOf(header)
      const part: Piece = { bytes: bytes.subarray(at, at + headerLength - headerAt), headerAt }
      header.push(part)
      pieces.push(part)
      at += part.bytes.length
      if (lengthOf(header) < headerLength) continue
      const read = readHeader(header)
      for (const each of header) each.frame = read
      header = []
      remaining = read.length
      expectsFrames = read.stream <= stream.systemError
      frame = expectsFrames ? read : undefined
    }
    return pieces
  }
}

function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { bytes }) => sum + bytes.length, 0)
}

function readHeader(parts: readonly Piece[]): FrameHeader {
  const bytes = Buffer.concat(parts.map((part) => part.bytes))
  return { stream: bytes[0] ?? 0, length: bytes.readUInt32BE(4) }
}
