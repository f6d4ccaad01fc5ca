/**
 * The flags of a terminal at several readings, those that differ first.
 *
 * @module
 */

import type { Flags } from '../tape/moments.ts'
import { type FlagRow, flagRows } from '../tape/narrate.ts'
import { countOf } from '../text/count.ts'
import type { Style } from '../text/style.ts'
import { hangingLines, wrapText } from '../text/width.ts'

/** How wide a column is: the longest flag is `-echoctl`. */
const columnWidth = 10

/**
 * The flags that raw mode touches. Those that differ have a sign and a colour, and stand first.
 *
 * @param readings - each with its name
 * @param isOpen - also shows the flags that are the same at each reading
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
      ? [style.bold(`  ${cellsText(readings.map(([name]) => name))}what raw mode does`)]
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
  return `${countOf(count, 'more flag')} of raw mode stood the same at each reading.`
}
