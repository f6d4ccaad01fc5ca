/**
 * What was on the wire, as text and as JSON.
 *
 * @module
 */

import { milliseconds } from '../text/count.ts'
import { hexText, shortIds, spelledText } from '../text/hex.ts'
import { printable } from '../text/printable.ts'
import { plainStyle, type Style } from '../text/style.ts'
import { hangingLines, indented, widthOf, wrapText } from '../text/width.ts'
import { bytesOf, type EventOf, hasBytes, type TapeEvent } from './event.ts'
import { type Moment, momentsOf, type StageRecord } from './moments.ts'
import { frameText, narrate, signOf } from './narrate.ts'
import { headerLabel, headerParts, type Piece } from './pieces.ts'

/** Headers that every request has and that tell nothing about an exec. */
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

/** What is shown of a body that is cut: the JSON of a whole container has thousands of characters. */
const bodyStart = 120

/** How much of a message and of bytes is shown, and in which colours. */
export type Portion = {
  /** How many rows of bytes are shown of one piece. */
  readonly rows: number
  /** A body of more characters is cut. */
  readonly bodyLength: number
  /** IDs whole, and JSON with a line for each value. */
  readonly expanded: boolean
  /** Has the colours of the two connections. */
  readonly style: Style
}

/** Everything. */
export const whole = {
  rows: Number.POSITIVE_INFINITY,
  bodyLength: Number.POSITIVE_INFINITY,
  expanded: true,
} as const satisfies Partial<Portion>

/** Enough to see what it is. */
const excerpt: Portion = { rows: 12, bodyLength: 600, expanded: false, style: plainStyle }

/** The sign of an event stands before its lines, and a space behind it. */
const signWidth = 3

/** How to show some events. */
export type WireView = Partial<Portion> & {
  /** In columns. */
  readonly width: number
  /** Whether each event has its time at the right, where there is room for it. */
  readonly times?: boolean
  /** Whether each event is explained in a sentence above it. */
  readonly notes?: boolean
  /** What was on the wire before: a frame may have begun there. */
  readonly earlier?: readonly TapeEvent[]
}

/**
 * The lines for some events. Each begins with the number of its connection, and an arrow that points
 * to the right for requests and for what we send: `1→`, `←2`.
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

/** A window of so many columns keeps some free for the times. */
const wideEnough = 72

/** `12345.6 ms`, and a space before it. */
const timeWidth = 11

/** The time at the right of the first line. */
function withTime(lines: readonly string[], at: number, { width, style }: WireView): string[] {
  const time = milliseconds(at)
  return lines.map((line, index) => {
    const room = width - widthOf(line) - widthOf(time)
    if (index > 0 || room < 2) return line
    return `${line}${' '.repeat(room)}${(style ?? plainStyle).dim(time)}`
  })
}

/** The heading of what went over the wire after the walk was over. */
export const teardownTitle = 'giving back, now that the run is over:'

/** The lines for a stage, and below a heading those for what only gave back what the stages held. */
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

/** The lines for one event. What was not on the wire, or is read off its bytes, has none. */
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

/** The colour of the connection that a sign names. */
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
  // What a daemon wrote must not move the cursor of whoever reads it. What stands for it is longer.
  const lines = [...headers, ...bodyParts(message.body.trim(), portion)].flatMap((text) =>
    hangingLines(/^ */.exec(text)?.[0] ?? '', printable(text).trimStart(), width - signWidth),
  )
  return indented(lines, signWidth)
}

/** A body as it is to be shown: its lines, which may still be too long for a window. */
function bodyParts(body: string, { expanded: unfolded, bodyLength }: Portion): string[] {
  if (body === '') return []
  if (unfolded) return expandedJson(body).split('\n')
  const hidden = body.length - bodyStart
  const start = body.length > bodyLength ? body.slice(0, bodyStart) : body
  const rest = body.length > bodyLength ? ` … and ${hidden} characters more` : ''
  return `${shortIds(start)}${rest}`.split('\n')
}

/** JSON with a line for each value. What is no JSON stays as it is. */
function expandedJson(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}

/** Keys arrive one by one: neighbours of the same direction become one moment. */
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

/** How bytes are laid out: `explains` takes the first header of a frame apart. */
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
  if (hidden > 0) lines.push(`… and ${hidden} bytes more`)
  return lines.map((line, at) => `${at === 0 ? sign : ' '.repeat(signWidth)}${line}`)
}

/** A byte takes three columns as a number and one as a character. */
function bytesPerRow(width: number): number {
  return [16, 8, 4].find((count) => count * 4 + 1 + signWidth <= width) ?? 4
}

/** Some bytes on a row, and how many they are. */
type HexRow = { readonly text: string; readonly count: number }

function countIn(rows: readonly HexRow[]): number {
  return rows.reduce((sum, { count }) => sum + count, 0)
}

/** Rows of hexadecimal numbers, with the characters that they are beside them. */
function hexRows(bytes: Uint8Array, width: number): HexRow[] {
  const perRow = bytesPerRow(width)
  const hexWidth = perRow * 3 - 1
  const room = width - signWidth - hexWidth - 2
  const rows: HexRow[] = []
  for (let at = 0; at < bytes.length; ) {
    let row = bytes.subarray(at, at + perRow)
    // The end of a line takes two columns: a row with many of them has fewer bytes.
    while (row.length > 1 && spelledText(row).length > room) row = row.subarray(0, -1)
    const text = `${hexText(row).padEnd(hexWidth)}  ${spelledText(row)}`
    rows.push({ text, count: row.length })
    at += row.length
  }
  return rows
}

/** Headers stand in brackets on a line of their own. The first one is explained byte by byte. */
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
    const label = headerLabel(piece) ?? (frame && frameText(frame)) ?? ''
    lines.push(...beside(`${sign}[${hexText(bytes)}]`, label, width))
    if (frame && !explained) {
      for (const { hex, meaning: says } of headerParts(frame)) {
        lines.push(...beside(`      ${hex.padEnd(11)}`, says, width))
      }
      explained = true
    }
    shown += bytes.length
    left -= 1
  }
  const hidden = length - shown
  if (hidden > 0) lines.push(`   … and ${hidden} bytes more`)
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
