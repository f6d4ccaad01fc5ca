/**
 * Prints the record of the conformance suite as a page.
 *
 * @module
 */

import { join } from 'node:path'
import { root } from '../support/scripts.ts'
import type { Check } from './checks.ts'
import { type Cell, matrixTable, readMatrix } from './matrix-record.ts'

/** The file with the observations. */
export const recordPath = join(root, 'test', 'conformance', 'record.json')

/** The page that is made from them. */
export const pagePath = join(root, 'docs', 'daemons.md')

/** The observations by daemon and by the name of the check. */
export type Records = Record<string, Record<string, string>>

/**
 * Checks in which the practice daemon differs from dockerd 28.5 on purpose,
 * and why.
 */
export const ownWays: Readonly<Record<string, string>> = {}

/** Requests that no check sends, because no client of this API does. */
const notImitated = [
  'The practice daemon answers requests that no client of this API sends with a',
  '400 or a 404 and its own message: a body that is not JSON, a malformed head or',
  'chunk, a path with dots, a list filter.',
].join('\n')

/** The daemons on record, in the order in which pages show them. */
export function daemonsIn(record: Records): string[] {
  return Object.keys(record).sort()
}

/** An observation as inline code in a table or a list. */
export function asCode(observation: string | undefined): string {
  return `\`${(observation ?? 'not asked').replaceAll('|', '\\|').replaceAll('`', 'ʼ')}\``
}

/** One row of a table of daemons. */
export type Row = {
  /** The name of the check. */
  readonly check: string
  /** What the row is called, if not as the check. */
  readonly label?: string
}

/**
 * Prints a table of what each daemon did, side by side.
 *
 * @param shorten - the part of an observation that the table shows
 */
export function sideBySide(
  record: Records,
  rows: readonly Row[],
  shorten: (observation: string) => string = (observation) => observation,
): string {
  const daemons = daemonsIn(record)
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const cell = (daemon: string, check: string): string => {
    const observation = record[daemon]?.[check]
    return asCode(observation === undefined ? undefined : shorten(observation))
  }
  return [
    line(['check', ...daemons]),
    `|${'---|'.repeat(daemons.length + 1)}`,
    ...rows.map(({ check, label = check }) =>
      line([label, ...daemons.map((daemon) => cell(daemon, check))]),
    ),
  ].join('\n')
}

/** What the matrix runs, and how its table is read. */
const aboutMatrix = [
  '`npm run matrix` runs three parts of the tests on each of these daemons with each',
  'of these versions of Node:',
  '',
  '- **conformance**: the checks on this page, and how many gave the answer that is',
  '  on it',
  '- **differential**: the cases that run through `docker exec` and through ours,',
  '  byte by byte, and how many were equal or differ as in',
  '  [the list of differences](differences.md). A case that stops, pauses or changes',
  '  its container needs a second container, so it is left out where there is only',
  '  one.',
  '- **chapters**: how many of the chapters 1 to 7 ran to their end',
].join('\n')

/**
 * Prints the page: the matrix, then the checks in which the daemons differ,
 * then those in which they agree.
 */
export function page(
  record: Records,
  checks: readonly Check[],
  matrix: readonly Cell[] = readMatrix(),
): string {
  const daemons = daemonsIn(record)
  const same = (name: string): boolean =>
    new Set(daemons.map((each) => record[each]?.[name])).size === 1
  const agreed = checks.filter(({ name }) => same(name))
  const differing = checks.filter(({ name }) => !same(name))
  const ways = Object.entries(ownWays).map(([name, reason]) => `- ${name}: ${reason}`)
  return `${[
    '# What the daemons do',
    '',
    'Generated from a run of the conformance suite in `test/conformance/`, which',
    'sends requests in bytes and records the answers. IDs are shown as `ID`, and the',
    'container as `CONTAINER`. A line that Podman sometimes adds about its own socket',
    'is left out.',
    '',
    `Measured: ${daemons.join(', ')}.`,
    `They agree on ${agreed.length} of ${checks.length} checks.`,
    '',
    '## Which daemon with which Node',
    '',
    aboutMatrix,
    '',
    matrixTable(matrix),
    '',
    '## Where they differ',
    '',
    ...differing.flatMap(({ name }) => [
      `### ${name}`,
      '',
      ...daemons.map((daemon) => `- ${daemon}: ${asCode(record[daemon]?.[name])}`),
      '',
    ]),
    '## Where the practice daemon differs on purpose',
    '',
    notImitated,
    ...(ways.length > 0 ? ['', ...ways] : []),
    '',
    '## Where they all agree',
    '',
    '| check | answer |',
    '|---|---|',
    ...agreed.map(({ name }) => `| ${name} | ${asCode(record[daemons[0] ?? '']?.[name])} |`),
  ].join('\n')}\n`
}
