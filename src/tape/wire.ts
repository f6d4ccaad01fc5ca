/**
 * What was on the wire, as text and as JSON.
 *
 * @module
 */

import { hexText, visibleText } from '../text/hex.ts'
import { printable } from '../text/printable.ts'
import { hangingLines, indented, widthOf, wrapText } from '../text/width.ts'
import { bytesOf, type EventOf, hasBytes, type TapeEvent } from './event.ts'
import { type Moment, momentsOf } from './moments.ts'
import { arrowOf, frameText, narrate } from './narrate.ts'
import { headerLabel, headerParts, type Piece } from './pieces.ts'

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

/** How much of a message and of bytes is shown. */
export type Portion = {
  /** How many rows of bytes are shown of one piece. */
  readonly rows: number
  /** A body of more characters is cut. */
  readonly bodyLength: number
}

/** Everything. */
export const whole: Portion = {
  rows: Number.POSITIVE_INFINITY,
  bodyLength: Number.POSITIVE_INFINITY,
}

/** Enough to see what it is. */
const excerpt: Portion = { rows: 12, bodyLength: 600 }

/** How to show some events. */
export type WireView = Partial<Portion> & {
  /** In columns. */
  readonly width: number
  /** What was on the wire before: a frame may have begun there. */
  readonly earlier?: readonly TapeEvent[]
}

/** The lines for some events. Requests and what we send have an arrow to the right. */
export function wireLines(events: readonly TapeEvent[], view: WireView): string[] {
  const { width, earlier = [], ...portion } = view
  const moments = momentsOf([...earlier, ...events]).slice(earlier.length)
  let explains = !earlier.some(({ kind }) => kind === 'received')
  return joinBytes(moments).flatMap((moment) => {
    const lines = onWireLines(moment, { width, ...portion, explains })
    if (moment.event.kind === 'received') explains = false
    return lines
  })
}

/** The lines for one event. What was not on the wire, or is read off its bytes, has none. */
export function onWireLines(
  moment: Moment,
  options: Partial<Portion> & { readonly width: number; readonly explains?: boolean },
): string[] {
  const { width, explains = true } = options
  const portion = { ...excerpt, ...options }
  const { event } = moment
  const narration = narrate(moment)
  const arrow = arrowOf(narration) ?? ' '
  if (event.kind === 'upgrade' || event.kind === 'frame') return []
  const first = hangingLines(`${arrow} `, printable(narration.title), width)
  if (event.kind === 'request' || event.kind === 'answer') {
    return [...first, ...messageLines(event, width, portion.bodyLength)]
  }
  if (!hasBytes(event)) return first
  return moment.pieces.some(({ headerAt }) => headerAt !== undefined)
    ? framesLines(moment.pieces, event.length, { width, rows: portion.rows, explains })
    : bytesLines(arrow, moment.pieces, event.length, width, portion.rows)
}

function messageLines(
  message: EventOf<'request' | 'answer'>,
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
  return indented(lines, 2)
}

/** Keys arrive one by one; neighbours of the same direction are shown as one piece. */
function joinBytes(moments: readonly Moment[]): Moment[] {
  const joined: Moment[] = []
  for (const moment of moments) {
    const last = joined.at(-1)
    const { event } = moment
    if (last && hasBytes(event) && hasBytes(last.event) && last.event.kind === event.kind) {
      const length = last.event.length + event.length
      const pieces = [...last.pieces, ...moment.pieces]
      joined[joined.length - 1] = { ...last, event: { ...last.event, length }, pieces }
    } else if (event.kind !== 'frame') {
      joined.push(moment)
    }
  }
  return joined
}

function bytesLines(
  arrow: string,
  pieces: readonly Piece[],
  length: number,
  width: number,
  rows: number,
): string[] {
  const bytes = Buffer.concat(pieces.map((piece) => piece.bytes))
  const all = hexRows(bytes, width)
  const lines = all.slice(0, rows).map((row, at) => `${at === 0 ? arrow : ' '} ${row}`)
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
  pieces: readonly Piece[],
  length: number,
  { width, rows, explains }: { width: number; rows: number; explains: boolean },
): string[] {
  const lines: string[] = []
  let left = rows
  let shown = 0
  let explained = !explains
  for (const piece of joinPayloads(pieces)) {
    if (left <= 0) break
    const { bytes, frame, headerAt } = piece
    if (headerAt === undefined) {
      const all = hexRows(bytes, width)
      lines.push(...all.slice(0, left).map((row) => `  ${row}`))
      shown += Math.min(bytes.length, left * bytesPerRow(width))
      left -= all.length
      continue
    }
    const label = headerLabel(piece) ?? (frame && frameText(frame)) ?? ''
    lines.push(...beside(`← [${hexText(bytes)}]`, label, width))
    if (frame && !explained) {
      for (const { hex, says } of headerParts(frame)) {
        lines.push(...beside(`     ${hex.padEnd(11)}`, says, width))
      }
      explained = true
    }
    shown += bytes.length
    left -= 1
  }
  const hidden = length - shown
  if (hidden > 0) lines.push(`  … and ${hidden} bytes more`)
  return lines
}

/** A payload that came in several reads is one piece. */
function joinPayloads(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = []
  for (const piece of pieces) {
    const last = joined.at(-1)
    if (last && last.headerAt === undefined && piece.headerAt === undefined) {
      joined[joined.length - 1] = { ...last, bytes: Buffer.concat([last.bytes, piece.bytes]) }
    } else joined.push(piece)
  }
  return joined
}

/** Two texts side by side, or below each other where the window is too narrow. */
function beside(first: string, second: string, width: number): string[] {
  const mark = `${first}  `
  if (width - widthOf(mark) >= 12) return hangingLines(mark, second, width)
  return [first, ...wrapText(second, width - 6).map((line) => `      ${line}`)]
}

/** The events as JSON: bytes are given as hexadecimal digits and as text. */
export function wireJson(events: readonly TapeEvent[]): object[] {
  return events
    .filter(({ kind }) => kind !== 'upgrade' && kind !== 'frame')
    .map(({ at: _, ...event }) => {
      if (event.kind !== 'sent' && event.kind !== 'received') return event
      const { typed: __, hex = '', ...rest } = event
      return { ...rest, connection: 2, hex, text: bytesOf({ hex }).toString() }
    })
}
