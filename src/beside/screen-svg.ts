/**
 * Draws a tape as an SVG: the final screen of the session with its wire
 * beside it.
 *
 * @module
 */

import { createOutput, isFramed } from '../export/session-output.ts'
import { bytesOf, type Tape, type TapeEvent } from '../tape/event.ts'
import { printableLine } from '../text/printable.ts'
import { styleFor } from '../text/style.ts'
import { widthOf } from '../text/width.ts'
import { createEmulator } from './emulator.ts'
import { wireColumn } from './wire-column.ts'

/** The maximum width of the session in columns, and the width of the wire. */
const [maxColumns, wireColumns] = [68, 50]

/** The rows of the picture. */
const rows = 26

/**
 * The size of a character cell, and the margin around the screen, in pixels.
 */
const [cellWidth, cellHeight, margin] = [8.4, 18, 16]

/** The terminal colours 0 to 7, all readable on the background. */
const palette = [
  '#6b7280',
  '#ff7b72',
  '#7ee787',
  '#e3b341',
  '#79c0ff',
  '#d2a8ff',
  '#56d4dd',
  '#c9d1d9',
]
const [foreground, background, dimmed] = ['#e6edf3', '#0d1117', '#8b949e']

/**
 * Returns the SVG of a tape. It embeds no font or script, and its text can be
 * selected.
 */
export async function screenSvg(tape: Tape): Promise<string> {
  const window = tape.events.find((event) => event.kind === 'window')
  const columns = Math.min(window?.columns ?? maxColumns, maxColumns)
  const session = await sessionRows(tape.events, columns)
  const style = styleFor({ isTTY: true }, {})
  const wire = wireColumn(tape.events, { width: wireColumns, rows }, style)
  const { daemon } = tape.head
  const title = `docker exec: a session and its wire, with ${daemon.product} ${daemon.version}`
  const [pictureWidth, pictureHeight] = [
    Math.ceil((columns + 3 + wireColumns) * cellWidth + 2 * margin),
    rows * cellHeight + 2 * margin,
  ]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${pictureWidth} ${pictureHeight}" width="${pictureWidth}" height="${pictureHeight}" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(printableLine(title))}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="${background}"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="${foreground}">`,
    ...session.flatMap((line, row) => lineSvg(line, row, 0)),
    ...wire.flatMap((line, row) => lineSvg(`${style.dim('│')} ${line}`, row, columns + 1)),
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

/** Returns the rows of a screen of this width after the session. */
async function sessionRows(events: readonly TapeEvent[], columns: number): Promise<string[]> {
  const emulator = createEmulator({ rows, columns }, { answer() {}, passOn() {} })
  const write = (bytes: Uint8Array) =>
    new Promise<void>((resolve) => emulator.write(bytes, resolve))
  emulator.returnAtLineFeed(isFramed(events))
  const unpack = createOutput(events)
  const written = events.flatMap((event) =>
    event.kind === 'received' ? unpack(bytesOf(event)).map(({ bytes }) => write(bytes)) : [],
  )
  await Promise.all(written)
  return emulator.rows()
}

/** A sequence that sets colours or attributes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a sequence begins with ESC.
const sequence = /\x1b\[([\d;]*)m/

/** The attributes of a piece of text. */
type Look = { colour?: string | undefined; isBold?: boolean; isDim?: boolean }

/**
 * Applies a sequence to the look. Background colours are ignored: SVG text
 * has none.
 */
function applySequence(look: Look, numbers: string): void {
  for (const number of numbers.split(';').map(Number)) {
    if (number === 0) Object.assign(look, { colour: undefined, isBold: false, isDim: false })
    else if (number === 1) look.isBold = true
    else if (number === 2) look.isDim = true
    else if (number === 22) Object.assign(look, { isBold: false, isDim: false })
    else if (number === 39) look.colour = undefined
    else look.colour = palette[number >= 90 ? number - 90 : number - 30] ?? look.colour
  }
}

/**
 * Draws a line of the screen. Each piece has a fixed position and width, for
 * any font.
 */
function lineSvg(line: string, row: number, firstColumn: number): string[] {
  const look: Look = {}
  const y = margin + (row + 0.75) * cellHeight
  let column = firstColumn
  return line.split(sequence).flatMap((part, at) => {
    if (at % 2 === 1) {
      applySequence(look, part)
      return []
    }
    const from = column
    column += widthOf(part)
    const text = part.trimEnd()
    if (text.trim() === '') return []
    const skipped = text.length - text.trimStart().length
    // SVG collapses spaces, but not non-breaking ones.
    const shown = text.trimStart().replaceAll(' ', '\u00a0')
    const x = margin + (from + skipped) * cellWidth
    const fill = look.colour ?? (look.isDim ? dimmed : undefined)
    return [
      `<text x="${round(x)}" y="${round(y)}" textLength="${round(widthOf(shown) * cellWidth)}"${fill ? ` fill="${fill}"` : ''}${look.isBold ? ' font-weight="bold"' : ''}>${escaped(shown)}</text>`,
    ]
  })
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
