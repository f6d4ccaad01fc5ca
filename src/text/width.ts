/**
 * Measures text in terminal columns, and wraps, truncates and pads it.
 *
 * A column is not a UTF-16 unit: 世 is one unit and two columns, é may be two
 * units and one column, and 👩‍👩‍👧 is eight units and two columns. A grapheme
 * is never split.
 *
 * @module
 */

import fastStringWidth from 'fast-string-width'

// Made at its first use, because loading its tables takes 20 ms.
let segmenter: Intl.Segmenter | undefined

function charactersIn(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  return segmenter.segment(text)
}

/**
 * Text of characters that take one unit and one column and combine with no
 * other: ASCII, Latin letters, punctuation, arrows and lines.
 */
const simpleText = /^[ -~\u00a1-\u00ac\u00ae-\u00ff\u2010-\u2027\u2190-\u21ff\u2500-\u257f]*$/

/** How many UTF-16 units per column are examined: no script needs more. */
const maxUnits = 32

/** Returns how many columns one line of text takes. */
export function widthOf(text: string): number {
  return fastStringWidth(text)
}

/**
 * Returns the length in UTF-16 units of the part that fits: at least one
 * whole character.
 */
function fittingLength(text: string, width: number): number {
  if (simpleText.test(text.slice(0, width + 1))) return Math.min(text.length, width)
  let [length, columns] = [0, 0]
  for (const { segment } of charactersIn(text.slice(0, width * maxUnits))) {
    columns += widthOf(segment)
    if (columns > width && length > 0) break
    length += segment.length
  }
  return length
}

/**
 * Wraps text into lines of at most `width` columns, at a space or after a
 * comma. A word longer than a line is split.
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
      // A space with a mark or a joiner on it is a character of its own.
      rest = rest.slice(end).replace(/^ (?![\p{M}\u200d])/u, '')
    }
    lines.push(rest)
  }
  return lines
}

/** The least room beside a mark in which text is readable. */
const narrowest = 8

/**
 * Puts text after a mark. Continuation lines are indented to the start of the
 * text, or placed below the mark if it leaves too little room.
 */
export function hangingLines(mark: string, text: string, width: number): string[] {
  const markWidth = widthOf(mark)
  const room = width - markWidth
  if (room < narrowest && widthOf(text) > room) {
    return [...wrapText(mark.trimEnd(), width), ...indented(wrapText(text, width - 4), 4)]
  }
  return wrapText(text, room).map((line, at) => `${at === 0 ? mark : ' '.repeat(markWidth)}${line}`)
}

/** Indents lines. */
export function indented(lines: readonly string[], columns: number): string[] {
  return lines.map((line) => `${' '.repeat(columns)}${line}`)
}

/** Truncates text to one line with an ellipsis. */
export function cutText(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  const kept = text.slice(0, fittingLength(text, width - 1))
  return widthOf(kept) < width ? `${kept}…` : '…'
}

/** Pads text with spaces. */
export function padText(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}
