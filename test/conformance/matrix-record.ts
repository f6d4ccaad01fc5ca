/**
 * The recorded results of `npm run matrix`, and their table.
 *
 * @module
 */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../support/scripts.ts'

/** How many tests of a part passed, of how many that ran. */
export type Count = {
  readonly passed: number
  readonly total: number
  /** How many did not run, because they can't on this daemon. */
  readonly left: number
}

/** A daemon with a version of Node, and the parts that ran on them. */
export type Cell = {
  readonly daemon: string
  readonly node: string
  readonly conformance?: Count
  readonly differential?: Count
  readonly chapters?: Count
}

/** The file with the results. */
export const matrixPath = join(root, 'test', 'conformance', 'matrix.json')

/** Reads the results on record. */
export function readMatrix(): Cell[] {
  return existsSync(matrixPath) ? (JSON.parse(readFileSync(matrixPath, 'utf8')) as Cell[]) : []
}

/**
 * Adds results to earlier ones. A new result replaces that of the same part
 * on the same daemon with the same release line of Node.
 */
export function mergeCells(earlier: readonly Cell[], later: readonly Cell[]): Cell[] {
  const merged = new Map<string, Cell>()
  for (const cell of [...earlier, ...later]) {
    const key = `${cell.daemon}, Node ${cell.node.split('.')[0]}`
    merged.set(key, { ...merged.get(key), ...cell })
  }
  return [...merged.values()].sort(
    (one, other) => compare(one.daemon, other.daemon) || compare(one.node, other.node),
  )
}

/** Prints the results as a table, a row for each daemon and Node. */
export function matrixTable(cells: readonly Cell[]): string {
  return [
    '| daemon | Node | conformance | differential | chapters |',
    '|---|---|---|---|---|',
    ...cells.map(
      ({ daemon, node, conformance, differential, chapters }) =>
        `| ${[daemon, node, ...[conformance, differential, chapters].map(shown)].join(' | ')} |`,
    ),
  ].join('\n')
}

function compare(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true })
}

function shown(count: Count | undefined): string {
  if (count === undefined) return 'not run'
  const { passed, total, left } = count
  return left > 0 ? `${passed} of ${total}, ${left} left out` : `${passed} of ${total}`
}
