/**
 * Decides whether a window has room for a session beside its wire, and
 * divides it.
 *
 * @module
 */

import type { Terminal, WindowSize } from '../terminal/terminal.ts'

/**
 * The minimum width: 72 columns for the session, and a line of 8 bytes beside
 * it.
 */
const minColumns = 120

/** The maximum width of the wire: no line needs more. */
const maxWireColumns = 72

/**
 * The divider between the two parts, and the row at the bottom that says how
 * to leave.
 */
const [dividerWidth, lastRows] = [1, 1]

/**
 * Returns why a session cannot be shown beside its wire here, or undefined if
 * it can.
 */
export function besideProblem(
  { inputIsTerminal, size }: Pick<Terminal, 'inputIsTerminal' | 'size'>,
  { TERM, ACCESSIBLE }: NodeJS.ProcessEnv,
): string | undefined {
  const window = size()
  if (!inputIsTerminal || !window || TERM === 'dumb') {
    return 'cannot show the wire beside the session: this is not a terminal with cursor control'
  }
  if (ACCESSIBLE) {
    return 'cannot show the wire beside the session: ACCESSIBLE is set, so text is only appended'
  }
  return window.columns < minColumns
    ? `cannot show the wire beside the session: the window has ${window.columns} columns and needs ${minColumns}`
    : undefined
}

/**
 * Returns the two parts of a window. In a narrow window the session gets the
 * whole width.
 */
export function layoutFor({ rows, columns }: WindowSize): {
  readonly session: WindowSize
  /** The width of the wire in columns, or 0. */
  readonly wire: number
} {
  const isWide = columns >= minColumns
  const wire = isWide ? Math.min(maxWireColumns, Math.floor(columns * 0.4)) : 0
  const left = isWide ? columns - wire - dividerWidth : columns
  return { session: { rows: Math.max(1, rows - lastRows), columns: left }, wire }
}
