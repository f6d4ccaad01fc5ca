/**
 * The stdcopy frames in what was received, for showing them: which bytes are a header, and what the
 * header says. The copy loop reads frames in its own way, in `src/stream/frames.ts`: it throws the
 * headers away, and here they are what is shown.
 *
 * The connection knows nothing of frames. One read may bring half a header, the next one its rest
 * and twenty frames more.
 *
 * @module
 */

import { headerLength, stream } from '../stream/frames.ts'
import { hexNumber } from '../text/hex.ts'

/** The two things that a header says. */
export type FrameHeader = { readonly stream: number; readonly length: number }

/** Bytes that belong together: a header or a part of one, or payload. */
export type Piece = {
  readonly bytes: Uint8Array
  /** The frame that they are part of. Undefined under a tty, and while its header is incomplete. */
  frame?: FrameHeader
  /** For bytes of a header: how many of its bytes came before them. */
  readonly headerAt?: number
}

/** Cuts received bytes, which may come cut anywhere, where headers begin and end. */
export function createFrameCutter(): (bytes: Uint8Array) => Piece[] {
  // The header that we are in. It may have come in several parts.
  let header: Piece[] = []
  let frame: FrameHeader | undefined
  let remaining = 0
  // After a header that makes no sense, or a message of the daemon, nothing is a frame any more.
  let makesSense = true
  return function cut(bytes) {
    const pieces: Piece[] = []
    for (let at = 0; at < bytes.length; ) {
      if (!makesSense || remaining > 0) {
        const payload = makesSense ? bytes.subarray(at, at + remaining) : bytes.subarray(at)
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
      makesSense = read.stream <= stream.systemError
      frame = makesSense ? read : undefined
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

/** Some of a header's bytes, and what they mean. */
export type HeaderPart = {
  readonly name: 'stream' | 'zero' | 'length'
  /** The place of the first byte, and the one after the last. */
  readonly from: number
  readonly to: number
  /** The bytes in hexadecimal. */
  readonly hex: string
  readonly meaning: string
}

/** A header, part by part. */
export function headerParts({ stream: number, length }: FrameHeader): readonly HeaderPart[] {
  return [
    {
      ...{ name: 'stream', from: 0, to: 1, hex: hexNumber(number, 1) },
      meaning: `the stream: ${streamName(number)}`,
    },
    { name: 'zero', from: 1, to: 4, hex: hexNumber(0, 3), meaning: 'always zero' },
    {
      ...{ name: 'length', from: 4, to: 8, hex: hexNumber(length, 4) },
      meaning: `the payload’s length, ${length}; the first byte weighs most`,
    },
  ]
}

/** What a part of a header is called. Undefined for one that came in one piece. */
export function headerLabel({ bytes, headerAt = 0 }: Piece): string | undefined {
  if (bytes.length === headerLength) return undefined
  return headerAt > 0 ? 'rest of a header' : 'header, cut: its rest comes with the next bytes'
}

/** `stdout`, by the number in a header's first byte. */
export function streamName(number: number): string {
  const names = ['stdin', 'stdout', 'stderr', 'a message of the daemon']
  return names[number] ?? `stream ${number}, which does not exist`
}
