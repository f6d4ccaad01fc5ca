/**
 * Rebuilds the bytes of a request or an answer. A tape holds its parts:
 * method and path or status, headers, body, and the sizes of its chunks.
 *
 * Values on a tape may be masked. What is rebuilt is then the masked message,
 * but a Content-Length and a chunk size still count what was sent.
 *
 * @module
 */

import { bytesOf, type EventOf, hasBytes, type TapeEvent } from './event.ts'

/** A request or an answer. */
export type MessageEvent = EventOf<'request' | 'answer'>

/** Whether an event is a request or an answer. */
export function isMessage(event: TapeEvent): event is MessageEvent {
  return event.kind === 'request' || event.kind === 'answer'
}

/** Returns the bytes of an event on the wire. Empty if it has none. */
export function wireBytesOf(event: TapeEvent): Buffer {
  if (!isMessage(event)) return hasBytes(event) ? bytesOf(event) : Buffer.alloc(0)
  const body = bodyPartsOf(event).map(({ bytes }) => bytes)
  return Buffer.concat([headerBytes(headText(event)), ...body])
}

/** Returns the first line of a message: `HTTP/1.1 101 UPGRADED`. */
export function firstLineOf(event: MessageEvent): string {
  return event.kind === 'request'
    ? `${event.method} ${event.path} HTTP/1.1`
    : `HTTP/1.1 ${event.status} ${event.reason}`
}

/** Returns the head as text, including the blank line that ends it. */
export function headText(event: MessageEvent): string {
  const lines = event.headers.map(([name, value]) => `${name}: ${value}\r\n`)
  return `${firstLineOf(event)}\r\n${lines.join('')}\r\n`
}

/**
 * Returns the bytes of a text in a head: one per character. A masked value
 * has a character that has no such byte, so it becomes UTF-8.
 */
export function headerBytes(text: string): Buffer {
  const parts = text.split(/([^\0-\xff]+)/)
  return Buffer.concat(parts.map((part, at) => Buffer.from(part, at % 2 ? 'utf8' : 'latin1')))
}

/** Part of a body on the wire. */
export type BodyPart = {
  /** `size` is a chunk's first line, `end` the line end after its data. */
  readonly kind: 'data' | 'size' | 'end'
  readonly bytes: Buffer
}

/** Returns the parts of a body: one without chunks, three for each chunk. */
export function bodyPartsOf({ body, chunks }: MessageEvent): BodyPart[] {
  const bytes = Buffer.from(body)
  if (chunks === undefined) return bytes.length > 0 ? [{ kind: 'data', bytes }] : []
  const parts: BodyPart[] = []
  let at = 0
  for (const [index, size] of chunks.entries()) {
    // The last one takes what is left: a masked body is longer or shorter.
    const data = bytes.subarray(at, index === chunks.length - 1 ? undefined : at + size)
    at += data.length
    parts.push(sizeLine(size), { kind: 'data', bytes: data }, lineEnd)
  }
  return [...parts, sizeLine(0), lineEnd]
}

const lineEnd: BodyPart = { kind: 'end', bytes: Buffer.from('\r\n') }

function sizeLine(size: number): BodyPart {
  return { kind: 'size', bytes: Buffer.from(`${size.toString(16)}\r\n`) }
}
