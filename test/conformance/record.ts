/**
 * Prints the record of the conformance suite as a page.
 *
 * @module
 */

import type { Check } from './checks.ts'

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

/**
 * Prints the page: the checks in which the daemons differ, then those in
 * which they agree.
 */
export function page(record: Records, checks: readonly Check[]): string {
  const daemons = Object.keys(record).sort()
  const same = (name: string): boolean =>
    new Set(daemons.map((each) => record[each]?.[name])).size === 1
  const cell = (text: string | undefined): string =>
    `\`${(text ?? 'not asked').replaceAll('|', '\\|').replaceAll('`', 'ʼ')}\``
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
    '## Where they differ',
    '',
    ...differing.flatMap(({ name }) => [
      `### ${name}`,
      '',
      ...daemons.map((daemon) => `- ${daemon}: ${cell(record[daemon]?.[name])}`),
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
    ...agreed.map(({ name }) => `| ${name} | ${cell(record[daemons[0] ?? '']?.[name])} |`),
  ].join('\n')}\n`
}
