/**
 * Shows what went over the wire, as text and as JSON.
 *
 * @module
 */

import { maskEvent } from '../tape/mask.ts'
import type { BytesEvent, Message, WireEvent } from '../tape/tape.ts'
import { hexText, visibleText } from '../text/hex.ts'
import { printable } from '../text/printable.ts'
import { hangingLines, indented, widthOf, wrapText } from '../text/width.ts'
import {
  comesInFrames,
  createFrameFinder,
  explainHeader,
  type FramePart,
  headerText,
} from './show-frames.ts'

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

/** How to show some events. */
export type WireView = {
  /** In characters. */
  readonly width: number
  /** What was on the wire before: a frame may have begun there. */
  readonly earlier?: readonly WireEvent[]
  /** How many rows of bytes are shown of one piece. */
  readonly rows?: number
  /** A body of more characters is cut. */
  readonly bodyLength?: number
}

/** All that there is. */
export const whole = { rows: Number.POSITIVE_INFINITY, bodyLength: Number.POSITIVE_INFINITY }

/**
 * The lines for some events. Requests and what we send have an arrow to the right. Of long bodies and
 * many bytes, enough is shown to see what it is.
 */
export function wireLines(
  events: readonly WireEvent[],
  { width, earlier = [], rows = 12, bodyLength = 600 }: WireView,
): string[] {
  const frames = comesInFrames([...earlier, ...events]) ? createFrameFinder() : undefined
  for (const event of earlier) if (event.kind === 'received') frames?.(event.bytes)
  let explained = earlier.some(({ kind }) => kind === 'received')

  return joinBytes(events.map(maskEvent)).flatMap((event): string[] => {
    switch (event.kind) {
      case 'request':
        return messageLines(`→ ${event.method} ${event.path}`, event, width, bodyLength)
      case 'answer':
        return messageLines(`← ${event.status} ${event.reason}`, event, width, bodyLength)
      case 'received':
        if (frames) {
          const lines = framesLines(event, frames(event.bytes), { width, rows, explained })
          explained = true
          return lines
        }
        return bytesLines(event, width, rows)
      case 'sent':
        return bytesLines(event, width, rows)
      case 'we half-closed':
        return hangingLines('→ ', '(half-close: we write no more)', width)
      default:
        return hangingLines('← ', '(end: the daemon writes no more)', width)
    }
  })
}

function messageLines(
  first: string,
  message: Message,
  width: number,
  bodyLength: number,
): string[] {
  const headers = message.headers
    .filter(([name, value]) => !everyday.has(name.toLowerCase()) && value !== 'keep-alive')
    .map(([name, value]) => `${name}: ${value}`)
  const body = message.body.trim()
  const hidden = body.length - bodyStart
  const shown =
    body.length > bodyLength ? `${body.slice(0, bodyStart)} … and ${hidden} characters more` : body
  // What a daemon wrote must not move the cursor of whoever reads it. What stands for it is longer.
  const lines = [...headers, ...(shown ? [shown] : [])].flatMap((text) =>
    wrapText(printable(text), width - 2),
  )
  return [...wrapText(printable(first), width), ...indented(lines, 2)]
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

function bytesLines({ kind, bytes, length }: BytesEvent, width: number, rows: number): string[] {
  const all = hexRows(bytes, width)
  const shown = all.slice(0, rows)
  const arrow = kind === 'sent' ? '→' : '←'
  const lines = shown.map((row, at) => `${at === 0 ? arrow : ' '} ${row}`)
  const hidden = all.length > rows ? length - rows * bytesPerRow(width) : length - bytes.length
  if (hidden > 0) lines.push(`  … and ${hidden} bytes more`)
  return lines
}

/** A byte takes three columns as a number and one as a character. */
function bytesPerRow(width: number): number {
  return [16, 8, 4].find((count) => count * 4 + 3 <= width) ?? 4
}

/** Rows of hexadecimal numbers, with the characters that they are beside them. */
function hexRows(bytes: Uint8Array, width: number): string[] {
  const perRow = bytesPerRow(width)
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += perRow) {
    const row = bytes.subarray(at, at + perRow)
    lines.push(`${hexText(row).padEnd(perRow * 3 - 1)}  ${visibleText(row)}`)
  }
  return lines
}

/** Headers stand in brackets on a line of their own. The first one is explained byte by byte. */
function framesLines(
  { length }: BytesEvent,
  parts: readonly FramePart[],
  { width, rows, explained }: { width: number; rows: number; explained: boolean },
): string[] {
  const lines: string[] = []
  let explains = !explained
  let left = rows
  let shown = 0
  for (const part of parts) {
    if (left <= 0) break
    if (part.kind === 'payload') {
      const all = hexRows(part.bytes, width)
      lines.push(...all.slice(0, left).map((row) => `  ${row}`))
      shown += Math.min(part.bytes.length, left * bytesPerRow(width))
      left -= all.length
      continue
    }
    const text = part.says ? headerText(part.says) : 'the beginning of a header'
    lines.push(...beside(`← [${hexText(part.bytes)}]`, text, width))
    if (part.says && explains) {
      for (const [hex, meaning] of explainHeader(part.says)) {
        lines.push(...beside(`     ${hex.padEnd(11)}`, meaning, width))
      }
      explains = false
    }
    shown += part.bytes.length
    left -= 1
  }
  const hidden = length - shown
  if (hidden > 0) lines.push(`  … and ${hidden} bytes more`)
  return lines
}

/** Two texts side by side, or below each other where the window is too narrow. */
function beside(first: string, second: string, width: number): string[] {
  const mark = `${first}  `
  if (width - widthOf(mark) >= 12) return hangingLines(mark, second, width)
  return [first, ...wrapText(second, width - 6).map((line) => `      ${line}`)]
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
