/**
 * How many columns a text takes on a terminal, and texts broken, cut and filled up to a width.
 *
 * A column is not a UTF-16 unit: 世 is one unit and two columns, é may be two units and one column,
 * and 👩‍👩‍👧 is eight units and two columns. What belongs together is never divided.
 *
 * @module
 */

import fastStringWidth from 'fast-string-width'

const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Only this many units for each column are looked at: no script needs more. */
const mostUnits = 32

/** The columns that a text of one line takes. */
export function widthOf(text: string): number {
  return fastStringWidth(text)
}

/** The length, in UTF-16 units, of the beginning that fits: whole characters, and one at least. */
function fittingLength(text: string, width: number): number {
  if (/^[ -~]*$/.test(text.slice(0, width + 1))) return Math.min(text.length, width)
  let [length, columns] = [0, 0]
  for (const { segment } of characters.segment(text.slice(0, width * mostUnits))) {
    columns += widthOf(segment)
    if (columns > width && length > 0) break
    length += segment.length
  }
  return length
}

/**
 * Breaks text into lines of at most `width` columns, after a space or a comma where there is one. A
 * word that is longer than a line is broken too.
 */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let rest = paragraph
    for (;;) {
      const fitting = fittingLength(rest, Math.max(1, width))
      if (fitting === rest.length) break
      const gap = Math.max(rest.lastIndexOf(' ', fitting), rest.lastIndexOf(',', fitting - 1) + 1)
      const end = gap > fitting / 3 ? gap : fitting
      lines.push(rest.slice(0, end))
      rest = rest.slice(end).replace(/^ /, '')
    }
    lines.push(rest)
  }
  return lines
}

/** Beside a mark that leaves less room than this, a text cannot be read. */
const narrowest = 8

/**
 * Text after a mark. What is too long for its line continues below its own beginning, or below the
 * mark where the mark leaves too little room.
 */
export function hangingLines(mark: string, text: string, width: number): string[] {
  const markWidth = widthOf(mark)
  const room = width - markWidth
  if (room < narrowest && widthOf(text) > room) {
    return [...wrapText(mark.trimEnd(), width), ...indented(wrapText(text, width - 4), 4)]
  }
  return wrapText(text, room).map((line, at) => `${at === 0 ? mark : ' '.repeat(markWidth)}${line}`)
}

/** Lines moved to the right. */
export function indented(lines: readonly string[], columns: number): string[] {
  return lines.map((line) => `${' '.repeat(columns)}${line}`)
}

/** The text on one line, with an ellipsis in place of what does not fit. */
export function cutText(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  return `${text.slice(0, fittingLength(text, width - 1))}…`
}

/** The text, filled up with spaces to a column of a table. */
export function padText(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}
