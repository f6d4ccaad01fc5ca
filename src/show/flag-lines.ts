/**
 * Shows the flags of a terminal at several readings, those that differ first.
 *
 * @module
 */

import type { Flags } from '../tape/moments.ts'
import { type FlagRow, flagRows } from '../tape/narrate.ts'
import { countOf } from '../text/count.ts'
import type { Style } from '../text/style.ts'
import { hangingLines, wrapText } from '../text/width.ts'

/** The width of a column. The longest flag is `-echoctl`. */
const columnWidth = 10

/**
 * Returns lines for the flags that raw mode affects. Those that differ come
 * first, with `~` and a colour.
 *
 * @param readings - the flags at each reading, with a name for its column
 * @param isOpen - whether to list the unchanged flags too
 */
export function flagLines(
  readings: readonly (readonly [name: string, flags: Flags | undefined])[],
  width: number,
  style: Style,
  isOpen: boolean,
): string[] {
  const rows = flagRows(readings.map(([, flags]) => flags))
  const differs = ({ cells }: FlagRow): boolean => new Set(cells).size > 1
  const [changed, same] = [rows.filter(differs), rows.filter((row) => !differs(row))]
  const lineOf = (sign: string, { cells, meaning }: FlagRow): string[] =>
    hangingLines(`${sign} ${cellsText(cells)}`, meaning, width)
  return [
    ...(changed.length > 0 || isOpen
      ? [style.bold(`  ${cellsText(readings.map(([name]) => name))}in raw mode`)]
      : []),
    ...changed.flatMap((row) => lineOf('~', row).map(style.added)),
    ...(isOpen ? same.flatMap((row) => lineOf(' ', row)) : []),
    ...(isOpen || same.length === 0 ? [] : wrapText(sameText(same.length), width).map(style.dim)),
  ]
}

function cellsText(cells: readonly (string | undefined)[]): string {
  return cells.map((cell = '') => cell.padEnd(columnWidth)).join('')
}

function sameText(count: number): string {
  return `${countOf(count, 'more flag')} of raw mode did not change.`
}
