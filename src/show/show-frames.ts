/**
 * Finds the stdcopy frames in what was received, for showing them: which bytes are a header, and
 * what they say. The copy loop has its own way through the frames, in `src/stream/frames.ts`; it throws the
 * headers away, and here they are what is to be seen.
 *
 * @module
 */

import { headerLength } from '../stream/frames.ts'
import { type FrameHeader, headerParts, streamName } from '../tape/header.ts'
import type { WireEvent } from '../tape/tape.ts'
import { countOf } from '../tape/words.ts'
import { hexNumber } from '../text/hex.ts'

/** A piece of what was received: a header, or the part of one that was there, or some payload. */
export type FramePart =
  | { readonly kind: 'header'; readonly bytes: Uint8Array; readonly says?: FrameHeader }
  | { readonly kind: 'payload'; readonly bytes: Uint8Array }

/** Makes a function that divides bytes into headers and payloads. They may be cut anywhere. */
export function createFrameFinder(): (bytes: Uint8Array) => FramePart[] {
  let header = new Uint8Array(0)
  let remaining = 0
  return function find(bytes) {
    const parts: FramePart[] = []
    for (let at = 0; at < bytes.length; ) {
      if (remaining > 0) {
        const payload = bytes.subarray(at, at + remaining)
        parts.push({ kind: 'payload', bytes: payload })
        remaining -= payload.length
        at += payload.length
        continue
      }
      const piece = bytes.subarray(at, at + headerLength - header.length)
      header = Uint8Array.from([...header, ...piece])
      at += piece.length
      if (header.length < headerLength) {
        parts.push({ kind: 'header', bytes: piece })
        continue
      }
      const says = { stream: header[0] ?? 0, length: Buffer.from(header).readUInt32BE(4) }
      parts.push({ kind: 'header', bytes: piece, says })
      remaining = says.length
      header = new Uint8Array(0)
    }
    return parts
  }
}

/**
 * Whether what is received comes in frames. Nothing on the wire says so on every daemon, but the
 * `Tty` of the request that started the command decides it.
 */
export function comesInFrames(wire: readonly WireEvent[]): boolean {
  const start = wire.findLast(
    (event) => event.kind === 'request' && /\/exec\/[^/]+\/start$/.test(event.path),
  )
  return start?.kind === 'request' && /"Tty":false/.test(start.body)
}

/** `stdout, 4 bytes` */
export function headerText({ stream, length }: FrameHeader): string {
  return `${streamName(stream)}, ${countOf(length, 'byte')}`
}

/** A header, byte by byte. */
export function explainHeader(header: FrameHeader): [hex: string, meaning: string][] {
  const digits = {
    stream: hexNumber(header.stream, 1),
    zero: hexNumber(0, 3),
    length: hexNumber(header.length, 4),
  }
  return headerParts(header).map(({ name, says }) => [digits[name], says])
}
