/**
 * What was seen of the daemons, as a page.
 *
 * @module
 */

import type { Check } from './checks.ts'

/** What each daemon did, by the name of the check. */
export type Records = Record<string, Record<string, string>>

/** Checks in which the practice daemon does otherwise than dockerd 28.5, and why. */
export const ownWays: Readonly<Record<string, string>> = {}

/** What no check asks, because no client of this API sends it. */
const notImitated =
  'A request that no client of this API sends (a body that is not JSON, a malformed head or chunk, a ' +
  'path with dots, a filter for a list) gets a 400 or a 404 with a sentence of its own.'

/** The page: a table of the checks, and below it what the daemons say that is longer. */
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
    'Generated from a run of the conformance suite in `test/conformance/`: requests in bytes, and',
    'what came back. IDs are shown as `ID`, and the container by the word `CONTAINER`. A line that Podman',
    'adds now and then about its own socket is left out.',
    '',
    `Measured: ${daemons.join(', ')}; ${checks.length} checks, of which all agree on ${agreed.length}.`,
    '',
    '## Where they differ',
    '',
    ...differing.flatMap(({ name }) => [
      `### ${name}`,
      '',
      ...daemons.map((daemon) => `- ${daemon}: ${cell(record[daemon]?.[name])}`),
      '',
    ]),
    '## Where the practice daemon has its own way',
    '',
    notImitated,
    ...(ways.length > 0 ? ['', ...ways] : []),
    '',
    '## Where all of them do the same',
    '',
    '| check | what they do |',
    '|---|---|',
    ...agreed.map(({ name }) => `| ${name} | ${cell(record[daemons[0] ?? '']?.[name])} |`),
  ].join('\n')}\n`
}
