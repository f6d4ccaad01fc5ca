/**
 * Writes docs/performance.md.
 *
 * @module
 */

import { cpus, release, totalmem } from 'node:os'
import { names } from './contenders.ts'
import { median, ratio, withSpread } from './statistics.ts'
import { type Table, type Target, valuesOf } from './table.ts'

/** What is measured with, and on. */
export type Setting = {
  /** By name: `docker client` → `28.2.2`. */
  readonly versions: Readonly<Record<string, string>>
  readonly isQuick: boolean
}

/** Returns the page. */
export function performancePage(
  tables: readonly Table[],
  { versions, isQuick }: Setting,
  pictures: ReadonlyMap<Table, string>,
): string {
  const [cpu] = cpus()
  const memory = (totalmem() / 1024 ** 3).toFixed(0)
  return `# Performance

\`npm run bench\` wrote this page${isQuick ? ' with `--quick`, so the figures are rough' : ''}. It runs the same work through the workbook and its
peers, one after the other, several rounds, against the same daemon. A figure is the median of the
rounds, with the smallest and the largest in brackets. A ratio is the median of the ratios of each
round. Seconds don't hold on other machines, and ratios only roughly: where system calls and new
memory cost more, the contenders that need many of them lose.

- Machine: ${cpu?.model ?? 'unknown CPU'}, ${cpus().length} cores, ${memory} GiB, Linux ${release()}
${Object.entries(versions)
  .map(([name, version]) => `- ${name} ${version}`)
  .join('\n')}

"Bare socket" and "reused buffer" throw the output away. The reused buffer reads into one piece of
memory with \`net.connect({ onread })\`: less work is not possible in Node, so it is the limit. "Reused
buffer, written" also writes the output, with one call for each read: the least that a client can do.
CPU time is user and system, of the whole process with its start. Before the rounds each contender
copies text whose hash is compared. The processes run without \`NODE_EXTRA_CA_CERTS\`: where it is set,
Node 20 reads the certificates at each start.

## Targets

| work | daemon | what is compared | value | target | |
| ---- | ------ | ---------------- | ----- | ------ | - |
${tables.flatMap((table) => table.targets.map((target) => targetRow(table, target))).join('\n')}

${[...withoutStart(tables), ...tables.map((table) => section(table, pictures.get(table)))].join('\n\n')}
`
}

/**
 * Says how much of a transfer's CPU time is the transfer, and how much the
 * start of the program: `exec true` on the same daemon.
 */
function withoutStart(tables: readonly Table[]): string[] {
  const shown = [names.docker, names.ours, names.limit, names.written]
  const lines = tables
    .filter(({ name }) => ['out', 'tty', 'in', 'in-file'].includes(name))
    .flatMap((table) => {
      const start = tables.find(({ name, engine }) => name === 'start' && engine === table.engine)
      if (!start) return []
      const cells = shown.map((name) => {
        const starting = median(valuesOf(start.rows, name, 'cpu'))
        const whole = median(valuesOf(table.rows, name, 'cpu'))
        if (Number.isNaN(whole - starting)) return '–'
        return `${(whole - starting).toFixed(2)} + ${starting.toFixed(2)}`
      })
      return [`| ${table.title} | ${table.engine} | ${cells.join(' | ')} |`]
    })
  if (lines.length === 0) return []
  return [
    `## What the start costs

The CPU time of a transfer in seconds: the bytes, plus the start (\`exec true\` on the same daemon). The
start loads the TypeScript of the seven stages and the HTTP client. It is the same for any length. A
client that writes the output cannot be faster than "reused buffer, written": what this workbook takes
more for the bytes is its own work, and the rest of the distance to the reused buffer is the start and
the writes.

| | daemon | ${shown.join(' | ')} |
| - | - | ${shown.map(() => '-').join(' | ')} |
${lines.join('\n')}`,
  ]
}

function targetRow({ title, engine }: Table, { what, value, limit }: Target): string {
  const shown = value >= 10 ? value.toFixed(0) : value.toFixed(2)
  const wanted = 'atMost' in limit ? `≤ ${limit.atMost}` : `≥ ${limit.atLeast}`
  const isMissing = Number.isNaN(value)
  const verdict = isMissing
    ? 'not measured'
    : isReached({ what, value, limit })
      ? 'reached'
      : 'missed'
  return `| ${title} | ${engine || '–'} | ${what} | ${isMissing ? '–' : shown} | ${wanted} | ${verdict} |`
}

/** Whether a target is reached. */
export function isReached({ value, limit }: Target): boolean {
  return 'atMost' in limit ? value <= limit.atMost : value >= limit.atLeast
}

function section(table: Table, picture: string | undefined): string {
  const { title, engine, columns, rows, base, note } = table
  const [first] = columns
  const baseValues = first ? valuesOf(rows, base, first.key) : []
  const heading = `## ${title}${engine && `, ${engine}`}`
  const lines = rows.map(({ name, values, note }) => {
    const own = first ? (values[first.key] ?? []) : []
    const cells = columns.map(({ key, digits }) =>
      (values[key] ?? []).length > 0 ? withSpread(values[key] ?? [], digits) : '–',
    )
    const toBase = own.length > 0 && baseValues.length > 0 ? ratioText(ratio(own, baseValues)) : '–'
    return `| ${name}${note === undefined ? '' : ` (${oneLine(note)})`} | ${cells.join(' | ')} | ${toBase} |`
  })
  return [
    heading,
    '',
    ...(picture && first ? [`![${first.title}: ${summary(table)}](${picture})`, ''] : []),
    `| | ${columns.map(({ title }) => title).join(' | ')} | ratio to ${base} |`,
    `| - | ${columns.map(() => '-').join(' | ')} | - |`,
    ...lines,
    ...(note ? ['', note] : []),
  ].join('\n')
}

function summary({ columns, rows }: Table): string {
  const [first] = columns
  if (!first) return ''
  return rows
    .filter(({ values }) => (values[first.key] ?? []).length > 0)
    .map(({ name, values }) => `${name} ${median(values[first.key] ?? []).toFixed(first.digits)}`)
    .join(', ')
}

function ratioText(value: number): string {
  return value >= 10 ? value.toFixed(0) : value.toFixed(2)
}

/** A peer's error in a cell. */
function oneLine(text: string): string {
  return (text.split('\n')[0] ?? '').replaceAll('|', '\\|').slice(0, 80)
}
