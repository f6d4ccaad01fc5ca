/**
 * Shows what went over the wire, as text and as JSON.
 *
 * @module
 */

import { maskEvent } from '../tape/mask.ts'
import { printable } from '../tape/printable.ts'
import type { BytesEvent, Message, WireEvent } from '../tape/tape.ts'
import { wrapText } from './style.ts'

/** Headers that every request has and that tell nothing about an exec. */
const everyday = new Set([
  'host',
  'date',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'ostype',
  'docker-experimental',
  'api-version',
  'libpod-api-version',
  'server',
  'x-reference-id',
])

/** What is shown of a body that is cut: the JSON of a whole container has thousands of characters. */
const bodyStart = 120

/** How much of a message and of some bytes is shown. */
export type Portion = {
  /** A body of more characters is cut. */
  readonly bodyLength: number
  /** Rows of bytes of one piece. */
  readonly rows: number
}

/** Enough to see what it is. */
const firstPart: Portion = { bodyLength: 600, rows: 12 }

/** All that there is. */
export const whole: Portion = {
  bodyLength: Number.POSITIVE_INFINITY,
  rows: Number.POSITIVE_INFINITY,
}

/** The lines for some events. Requests and what we send have an arrow to the right. */
export function wireLines(
  events: readonly WireEvent[],
  width: number,
  portion: Portion = firstPart,
): string[] {
  return joinBytes(events.map(maskEvent)).flatMap((event): string[] => {
    switch (event.kind) {
      case 'request':
        return messageLines(`→ ${event.method} ${event.path}`, event, width, portion)
      case 'answer':
        return messageLines(`← ${event.status} ${event.reason}`, event, width, portion)
      case 'sent':
      case 'received':
        return bytesLines(event, width, portion)
      case 'we half-closed':
        return ['→ (half-close: we write no more)']
      default:
        return ['← (end: the daemon writes no more)']
    }
  })
}

function messageLines(
  first: string,
  message: Message,
  width: number,
  { bodyLength }: Portion,
): string[] {
  const headers = message.headers
    .filter(([name, value]) => !everyday.has(name.toLowerCase()) && value !== 'keep-alive')
    .map(([name, value]) => `${name}: ${value}`)
  const body = message.body.trim()
  const hidden = body.length - bodyStart
  const shown =
    body.length > bodyLength ? `${body.slice(0, bodyStart)} … and ${hidden} characters more` : body
  const lines = [...headers, ...(shown ? [shown] : [])].flatMap((text) => wrapText(text, width - 2))
  // What a daemon wrote must not move the cursor of whoever reads it.
  return [...wrapText(first, width), ...lines.map((line) => `  ${line}`)].map(printable)
}

/** Keys arrive one by one; neighbours of the same direction are shown as one piece. */
function joinBytes(events: readonly WireEvent[]): WireEvent[] {
  const joined: WireEvent[] = []
  for (const event of events) {
    const last = joined.at(-1)
    if ((event.kind === 'sent' || event.kind === 'received') && last?.kind === event.kind) {
      joined[joined.length - 1] = {
        ...last,
        bytes: Buffer.concat([last.bytes, event.bytes]),
        length: last.length + event.length,
      }
    } else {
      joined.push(event)
    }
  }
  return joined
}

/** Rows of hexadecimal numbers, with the characters that they are beside them. */
function bytesLines(
  { kind, bytes, length }: BytesEvent,
  width: number,
  { rows }: Portion,
): string[] {
  const arrow = kind === 'sent' ? '→' : '←'
  // A byte takes three columns as a number and one as a character.
  const perRow = [16, 8, 4].find((count) => count * 4 + 3 <= width) ?? 4
  const shown = rows * perRow
  const lines: string[] = []
  for (let at = 0; at < bytes.length && at < shown; at += perRow) {
    const row = Buffer.from(bytes.subarray(at, at + perRow))
    const hex = row.toString('hex').replace(/..(?=.)/g, '$& ')
    const text = row.toString('latin1').replace(/[^\x20-\x7e]/g, '·')
    lines.push(`${at === 0 ? arrow : ' '} ${hex.padEnd(perRow * 3 - 1)}  ${text}`)
  }
  const hidden = length - Math.min(bytes.length, shown)
  if (hidden > 0) lines.push(`  … and ${hidden} bytes more`)
  return lines
}

/** The events as JSON: bytes are given as hexadecimal digits and as text. */
export function wireJson(events: readonly WireEvent[]): object[] {
  return events.map(maskEvent).map(({ at: _, ...event }) => {
    if (event.kind !== 'sent' && event.kind !== 'received') return event
    const { bytes, ...rest } = event
    const buffer = Buffer.from(bytes)
    return { ...rest, hex: buffer.toString('hex'), text: buffer.toString() }
  })
}
