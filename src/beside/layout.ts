/**
 * Whether a window has room for a session and its wire, and where the two are in it.
 *
 * @module
 */

import type { Terminal, WindowSize } from '../terminal/terminal.ts'

/** A window needs so many columns: 72 for the session, and a line of 8 bytes beside it. */
const leastColumns = 120

/** No line of the wire needs more. */
const widestWire = 72

/** The column between the two parts, and the row below them with the way out. */
const [dividerWidth, lastRows] = [1, 1]

/**
 * Why a session cannot be shown beside its wire here, in a sentence.
 *
 * @returns undefined if it can
 */
export function besideProblem(
  { inputIsTerminal, size }: Pick<Terminal, 'inputIsTerminal' | 'size'>,
  { TERM, ACCESSIBLE }: NodeJS.ProcessEnv,
): string | undefined {
  const window = size()
  if (!inputIsTerminal || !window || TERM === 'dumb') {
    return 'cannot show the wire beside the session: this is no terminal that can draw'
  }
  if (ACCESSIBLE) {
    return 'cannot show the wire beside the session: ACCESSIBLE is set, and text is only appended'
  }
  return window.columns < leastColumns
    ? `cannot show the wire beside the session: the window has ${window.columns} columns and needs ${leastColumns}`
    : undefined
}

/** The two parts of a window. Without enough room the session has the whole width. */
export function layoutFor({ rows, columns }: WindowSize): {
  readonly session: WindowSize
  /** The columns of the wire, or 0. */
  readonly wire: number
} {
  const isWide = columns >= leastColumns
  const wire = isWide ? Math.min(widestWire, Math.floor(columns * 0.4)) : 0
  const left = isWide ? columns - wire - dividerWidth : columns
  return { session: { rows: Math.max(1, rows - lastRows), columns: left }, wire }
}
