/**
 * The tables of `docs/protocol.md`, from the record of the conformance suite.
 *
 * @module
 */

import { type Records, type Row, sideBySide } from '../conformance/record.ts'

/** A table of the page, by the name of its part. */
type Table = {
  readonly rows: readonly Row[]
  readonly shorten?: (observation: string) => string
}

/** `404 No such container: nope` becomes `404`. */
const status = (observation: string): string => observation.slice(0, 3)

/** The end of a session: `…; ended; exit code 0` becomes `exit code 0`. */
const ending = (observation: string): string => observation.split('; ').at(-1) ?? ''

/** The output of a session: `stdout "hi"; ended; exit code 0` becomes `stdout "hi"`. */
const output = (observation: string): string => observation.replace(/; ended; exit code 0$/, '')

const withoutVendor = (observation: string): string =>
  observation.replaceAll('application/vnd.docker.', '')

const rowsOf = (...checks: string[]): Row[] => checks.map((check) => ({ check }))

const tables: Readonly<Record<string, Table>> = {
  statuses: {
    shorten: status,
    rows: [
      ...rowsOf('an unknown path', 'an unknown method', 'start with GET'),
      ...rowsOf('an API version that is too old', 'inspect an unknown container'),
      ...rowsOf('create: a command', 'create: no command', 'create: an unknown container'),
      ...rowsOf('create: a string as the command', 'create: text instead of JSON'),
      ...rowsOf('create: field names in lower case', 'create: an unknown field'),
      ...rowsOf('create: an unknown user', 'create: invalid detach keys', 'create: a chunked body'),
      ...rowsOf('start: with a tty', 'start: without the Upgrade header'),
      ...rowsOf('start: an unknown exec', 'run: started twice'),
      { check: 'detached: the answer, and the exit code later', label: 'start: detached' },
      { check: 'detached: an unknown command', label: 'start: detached, an unknown command' },
      ...rowsOf('resize after the 101', 'resize without a tty', 'resize an exec that has exited'),
      ...rowsOf('resize an unknown exec', 'resize without numbers', 'inspect an unknown exec'),
    ],
  },
  'the 101': {
    shorten: withoutVendor,
    rows: rowsOf(
      'start: with a tty',
      'start: without a tty, API 1.41',
      'start: without the Upgrade header',
      'start: with an Upgrade but no Connection header',
    ),
  },
  frames: {
    shorten: output,
    rows: rowsOf(
      'run: stdout and stderr',
      'run: only stderr attached',
      'run: 2,000,000 bytes that wait for their reader',
      'run: a tty in the create but not in the start',
      'run: a tty in the start but not in the create',
    ),
  },
  ends: {
    shorten: ending,
    rows: rowsOf(
      'run: an exit code',
      'run: killed by SIGKILL',
      'run: an unknown command',
      'run: a file that is not executable',
      'run: input, then a half-close',
      'run: output after the half-close',
      'run: a half-close under a tty',
      'run: detach keys typed',
    ),
  },
}

/** The tables as Markdown, by the name of their part on the page. */
export function protocolTables(record: Records): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(tables).map(([name, { rows, shorten }]) => [
      name,
      sideBySide(record, rows, shorten),
    ]),
  )
}

/** Every check that the tables name. */
export const checksOnPage: readonly string[] = Object.values(tables).flatMap(({ rows }) =>
  rows.map(({ check }) => check),
)
