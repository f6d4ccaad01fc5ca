/**
 * Formats the traffic on the wire as text and as JSON.
 *
 * @module
 */

import { milliseconds } from '../text/count.ts'
import { escapedText, hexText, shortIds } from '../text/hex.ts'
import { printable } from '../text/printable.ts'
import { plainStyle, type Style } from '../text/style.ts'
import { hangingLines, indented, widthOf, wrapText } from '../text/width.ts'
import { bytesOf, type EventOf, hasBytes, type TapeEvent } from './event.ts'
import { fieldsOfHeader, partOfHeader } from './grammar/frame-fields.ts'
import { type Moment, momentsOf, type StageRecord } from './moments.ts'
import { frameText, narrate, signOf } from './narrate.ts'
import type { Piece } from './pieces.ts'

/** Headers of every message that say nothing about the exec. */
export const commonHeaders: ReadonlySet<string> = new Set([
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
  'user-agent',
  'x-reference-id',
])

/**
 * How many characters of a long body are shown. A container's JSON has
 * thousands.
 */
const bodyStart = 120

/** How much of a message and its bytes to show, and in which colours. */
export type Portion = {
  /** The number of rows for one block of bytes. */
  readonly rows: number
  /** A body with more characters is truncated. */
  readonly bodyLength: number
  /** Whether to show full IDs, and JSON with one line per value. */
  readonly expanded: boolean
  /** The style with the colours of the two connections. */
  readonly style: Style
}

/** Shows everything. */
export const everything = {
  rows: Number.POSITIVE_INFINITY,
  bodyLength: Number.POSITIVE_INFINITY,
  expanded: true,
} as const satisfies Partial<Portion>

/** The default: an excerpt. */
const excerpt: Portion = { rows: 12, bodyLength: 600, expanded: false, style: plainStyle }

/** The width of the sign in front of an event (`1→`) plus a space. */
const signWidth = 3

/** How to show events. */
export type WireView = Partial<Portion> & {
  /** The width in columns. */
  readonly width: number
  /** Whether to show each event's time at the right if there is room. */
  readonly times?: boolean
  /** Whether to explain each event in a sentence above it. */
  readonly notes?: boolean
  /** The earlier events of the run: a frame may have begun there. */
  readonly earlier?: readonly TapeEvent[]
}

/**
 * Returns the lines for some events. Each event begins with the number of its
 * connection and an arrow, which points right for requests and for bytes that
 * we send: `1→`, `←2`.
 */
export function wireLines(events: readonly TapeEvent[], view: WireView): string[] {
  const { earlier = [], times = false, notes = false, ...portion } = view
  const width = times && view.width >= wideEnough ? view.width - timeWidth : view.width
  const moments = momentsOf([...earlier, ...events]).slice(earlier.length)
  let explains = !earlier.some(({ kind }) => kind === 'received')
  return joinBytes(moments).flatMap((moment) => {
    const lines = onWireLines(moment, { ...portion, width, explains })
    if (moment.event.kind === 'received') explains = false
    const note = notes && !hasBytes(moment.event) ? narrate(moment).note : ''
    return [
      ...(note === '' ? [] : wrapText(printable(note), width)),
      ...(times ? withTime(lines, moment.event.at, view) : lines),
    ]
  })
}

/** The width from which a window has room for times. */
const wideEnough = 72

/** A space and `12345.6 ms`. */
const timeWidth = 11

/** Adds the time at the right of the first line. */
function withTime(lines: readonly string[], at: number, { width, style }: WireView): string[] {
  const time = milliseconds(at)
  return lines.map((line, index) => {
    const room = width - widthOf(line) - widthOf(time)
    if (index > 0 || room < 2) return line
    return `${line}${' '.repeat(room)}${(style ?? plainStyle).dim(time)}`
  })
}

/** The heading above the wire traffic of the teardown. */
export const teardownTitle = 'teardown, after the last stage:'

/**
 * Returns the lines for a stage and, under a heading, those for its teardown.
 */
export function stageWireLines({ wire, teardown }: StageRecord, view: WireView): string[] {
  const earlier = [...(view.earlier ?? []), ...wire]
  const { dim } = view.style ?? plainStyle
  const after = wireLines(teardown, { ...view, earlier })
  return [
    ...wireLines(wire, view),
    ...(after.length > 0 ? wrapText(teardownTitle, view.width).map(dim) : []),
    ...after,
  ]
}

/**
 * Returns the lines for one event. Upgrades and frames have none: their bytes
 * are shown.
 */
export function onWireLines(
  moment: Moment,
  options: Partial<Portion> & { readonly width: number; readonly explains?: boolean },
): string[] {
  const { width, explains = true } = options
  const portion = { ...excerpt, ...options }
  const { event } = moment
  if (event.kind === 'upgrade' || event.kind === 'frame') return []
  const narration = narrate(moment)
  const sign = (signOf(narration) ?? '').padEnd(signWidth)
  const colour = colourOf(sign, portion.style)
  if (hasBytes(event)) {
    const layout = { width, rows: portion.rows, explains }
    return moment.pieces.some(({ headerAt }) => headerAt !== undefined)
      ? framesLines(sign, moment.pieces, event.length, layout).map(colour)
      : bytesLines(sign, moment.pieces, event.length, layout).map(colour)
  }
  const title = portion.expanded ? narration.title : shortIds(narration.title)
  const first = hangingLines(sign, printable(title), width).map(colour)
  return event.kind === 'request' || event.kind === 'answer'
    ? [...first, ...messageLines(event, width, portion)]
    : first
}

/** Returns the colour of the connection in a sign. */
function colourOf(sign: string, style: Style): (text: string) => string {
  if (sign.includes('1')) return style.first
  return sign.includes('2') ? style.second : (text) => text
}

function messageLines(
  message: EventOf<'request' | 'answer'>,
  width: number,
  portion: Portion,
): string[] {
  const headers = message.headers
    .filter(([name, value]) => !commonHeaders.has(name.toLowerCase()) && value !== 'keep-alive')
    .map(([name, value]) => `${name}: ${value}`)
  // Escape control characters before wrapping: they could move the cursor,
  // and escaping adds width.
  const lines = [...headers, ...bodyParts(message.body.trim(), portion)].flatMap((text) =>
    hangingLines(/^ */.exec(text)?.[0] ?? '', printable(text).trimStart(), width - signWidth),
  )
  return indented(lines, signWidth)
}

/**
 * Returns the lines of a body to show, which may still be wider than the
 * window.
 */
function bodyParts(body: string, { expanded, bodyLength }: Portion): string[] {
  if (body === '') return []
  if (expanded) return expandedJson(body).split('\n')
  const hidden = body.length - bodyStart
  const start = body.length > bodyLength ? body.slice(0, bodyStart) : body
  const rest = body.length > bodyLength ? ` … and ${hidden} more characters` : ''
  return `${shortIds(start)}${rest}`.split('\n')
}

/** Returns JSON with one line per value, and any other text unchanged. */
function expandedJson(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}

/**
 * Joins consecutive bytes of the same direction into one moment, such as
 * typed keys.
 */
export function joinBytes(moments: readonly Moment[]): Moment[] {
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

/**
 * How to lay out bytes. `explains` splits the first frame header into its
 * fields.
 */
type BytesLayout = { readonly width: number; readonly rows: number; readonly explains: boolean }

function bytesLines(
  sign: string,
  pieces: readonly Piece[],
  length: number,
  { width, rows }: BytesLayout,
): string[] {
  const shown = hexRows(Buffer.concat(pieces.map(({ bytes }) => bytes)), width).slice(0, rows)
  const hidden = length - countIn(shown)
  const lines = shown.map(({ text }) => text)
  if (hidden > 0) lines.push(`… and ${hidden} more bytes`)
  return lines.map((line, at) => `${at === 0 ? sign : ' '.repeat(signWidth)}${line}`)
}

/** A byte takes three columns in hexadecimal and one as a character. */
function bytesPerRow(width: number): number {
  return [16, 8, 4].find((count) => count * 4 + 1 + signWidth <= width) ?? 4
}

/** One row of bytes. */
type HexRow = { readonly text: string; readonly count: number }

function countIn(rows: readonly HexRow[]): number {
  return rows.reduce((sum, { count }) => sum + count, 0)
}

/** Returns rows of hexadecimal bytes with their characters beside them. */
function hexRows(bytes: Uint8Array, width: number): HexRow[] {
  const perRow = bytesPerRow(width)
  const hexWidth = perRow * 3 - 1
  const room = width - signWidth - hexWidth - 2
  const rows: HexRow[] = []
  for (let at = 0; at < bytes.length; ) {
    let row = bytes.subarray(at, at + perRow)
    // `\r` and `\n` take two columns, so a row with many of them has fewer
    // bytes.
    while (row.length > 1 && escapedText(row).length > room) row = row.subarray(0, -1)
    const text = `${hexText(row).padEnd(hexWidth)}  ${escapedText(row)}`
    rows.push({ text, count: row.length })
    at += row.length
  }
  return rows
}

/**
 * Shows each header in brackets on its own line. The first one is split into
 * its fields.
 */
function framesLines(
  sign: string,
  pieces: readonly Piece[],
  length: number,
  { width, rows, explains }: BytesLayout,
): string[] {
  const lines: string[] = []
  let left = rows
  let shown = 0
  let explained = !explains
  for (const piece of joinPayloads(pieces)) {
    if (left <= 0) break
    const { bytes, frame, headerAt } = piece
    if (headerAt === undefined) {
      const payload = hexRows(bytes, width).slice(0, left)
      lines.push(
        ...indented(
          payload.map(({ text }) => text),
          signWidth,
        ),
      )
      shown += countIn(payload)
      left -= payload.length
      continue
    }
    const label = partOfHeader(piece) ?? (frame && frameText(frame)) ?? ''
    lines.push(...sideBySide(`${sign}[${hexText(bytes)}]`, label, width))
    if (frame && !explained) {
      for (const field of fieldsOfHeader(frame)) {
        const hex = hexText(field.bytes).padEnd(11)
        lines.push(...sideBySide(`      ${hex}`, field.brief ?? field.meaning, width))
      }
      explained = true
    }
    shown += bytes.length
    left -= 1
  }
  const hidden = length - shown
  if (hidden > 0) lines.push(`   … and ${hidden} more bytes`)
  return lines
}

/** Joins payload that arrived in several reads. */
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

/**
 * Puts two texts side by side, or below each other if the window is too
 * narrow.
 */
function sideBySide(first: string, second: string, width: number): string[] {
  const mark = `${first}  `
  if (width - widthOf(mark) >= 12) return hangingLines(mark, second, width)
  return [first, ...wrapText(second, width - 6).map((line) => `      ${line}`)]
}

/**
 * Returns the events as JSON, with bytes both as hexadecimal digits and as
 * text.
 */
export function wireJson(events: readonly TapeEvent[]): object[] {
  return events
    .filter(({ kind }) => kind !== 'upgrade' && kind !== 'frame')
    .map(({ at: _, ...event }) => {
      if (event.kind !== 'sent' && event.kind !== 'received') return event
      const { typed: __, hex = '', ...rest } = event
      return { ...rest, connection: 2, hex, text: bytesOf({ hex }).toString() }
    })
}
