/**
 * `npm run matrix`: the conformance suite, the differential corpus and the
 * seven chapters, on every daemon that can be had, with every Node.
 *
 * @module
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { endWith, isProcessEnding, unlessProcessEnds } from '../../src/process/ending.ts'
import { Failure } from '../../src/process/failure.ts'
import { rejectOptionsNpmTook } from '../../src/process/npm.ts'
import { type OptionTable, parseCommandLine } from '../../src/process/options.ts'
import { openRunScope } from '../../src/run/run-scope.ts'
import { checks } from '../conformance/checks.ts'
import {
  type Cell,
  matrixPath,
  matrixTable,
  mergeCells,
  readMatrix,
} from '../conformance/matrix-record.ts'
import { page, pagePath, type Records, recordPath } from '../conformance/record.ts'
import { engineName } from '../support/api.ts'
import type { Obstacle } from '../support/daemon.ts'
import { findOnPath } from '../support/image.ts'
import { type Part, parts, runPart } from './cell.ts'
import { endChildren } from './child.ts'
import { descriptions, type MatrixDaemon, starters } from './daemons.ts'
import { installedNode, type Node, nodeLines, prepareNode } from './nodes.ts'

const table = {
  daemon: { type: 'list', example: 'npm run matrix -- --daemon mine=unix:///run/docker.sock' },
  help: { type: 'switch', short: 'h' },
  list: { type: 'switch' },
  only: { type: 'list', example: 'npm run matrix -- --only podman' },
  quick: { type: 'switch' },
  write: { type: 'switch' },
} as const satisfies OptionTable

const help = `Usage:  npm run matrix -- [OPTIONS]

Runs the conformance suite, the differential corpus and the seven chapters on
each daemon with each Node. Downloads what it needs into .workbook/matrix, and
says what it could not have.

Options:
      --daemon NAME=ADDRESS  Use a running daemon; a NAME of the list replaces
                             that daemon
      --list                 List the daemons, Nodes and parts
      --only NAME            Run only this daemon, Node or part; can be repeated
      --quick                Run only the chapters, on what is installed
      --write                Write the results to docs/daemons.md
`

const partNames = Object.keys(parts) as Part[]

const noSuchDaemon: Obstacle = { reason: 'it is not in the list', fix: '--list shows the names' }

/** What a run covers. */
type Plan = {
  readonly daemons: readonly string[]
  readonly nodes: readonly string[]
  readonly parts: readonly Part[]
}

/** The part of the matrix that `.ci/run` runs. */
const quick: Plan = {
  daemons: ['dockerd', 'podman', 'practice'],
  nodes: [installedNode],
  parts: ['chapters'],
}

async function main(): Promise<number> {
  rejectOptionsNpmTook('matrix', table, process.argv.slice(2))
  const { options, words } = parseCommandLine(table, process.argv.slice(2))
  if (words[0] !== undefined) {
    throw new Failure(
      `npm run matrix takes no word, but got ${words[0]}`,
      125,
      'npm run matrix -- --help shows its options.',
    )
  }
  if (options.help) {
    process.stdout.write(help)
    return 0
  }
  const addresses = readAddresses(options.daemon ?? [])
  const everything: Plan = {
    daemons: [...new Set([...Object.keys(starters), ...addresses.keys()])],
    nodes: [...nodeLines, installedNode],
    parts: partNames,
  }
  if (options.list) {
    process.stdout.write(listOf(everything, addresses))
    return 0
  }
  const plan = options.quick ? quick : { ...everything, nodes: nodeLines }
  return run(narrow(plan, everything, options.only ?? []), addresses, options.write === true)
}

function readAddresses(given: readonly string[]): Map<string, string> {
  return new Map(
    given.map((text) => {
      const [, name, address] = /^([\w.-]+)=(unix:\/\/.+|tcp:\/\/.+)$/.exec(text) ?? []
      if (name === undefined || address === undefined) {
        throw new Failure(
          `--daemon needs NAME=ADDRESS with unix:// or tcp://, not ${text}`,
          125,
          table.daemon.example,
        )
      }
      return [name, address]
    }),
  )
}

function listOf({ daemons, nodes }: Plan, addresses: ReadonlyMap<string, string>): string {
  const lines = daemons.map(
    (name) => `  ${name.padEnd(16)}${addresses.get(name) ?? descriptions[name] ?? ''}`,
  )
  return `Daemons:\n${lines.join('\n')}\nNodes:  ${nodes.join(', ')}\nParts:  ${partNames.join(', ')}\n`
}

/** Keeps what `--only` names; of a kind that it does not name, everything. */
function narrow(plan: Plan, everything: Plan, only: readonly string[]): Plan {
  const known = Object.values(everything).flat() as string[]
  for (const name of only) {
    if (known.includes(name)) continue
    throw new Failure(
      `--only ${name} is not in the matrix`,
      125,
      'npm run matrix -- --list shows its daemons, Nodes and parts.',
    )
  }
  const choose = <Name extends string>(all: readonly Name[], some: readonly Name[]): Name[] => {
    const named = all.filter((name) => only.includes(name))
    return named.length > 0 ? named : [...some]
  }
  return {
    daemons: choose(everything.daemons, plan.daemons),
    nodes: choose(everything.nodes, plan.nodes),
    parts: choose(everything.parts, plan.parts),
  }
}

async function run(
  plan: Plan,
  addresses: ReadonlyMap<string, string>,
  isWriting: boolean,
): Promise<number> {
  const scope = openRunScope({ terminal: false })
  const begin = performance.now()
  const left: string[] = []
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  const leaveOut = (what: string, why: string): void => {
    left.push(`${what}: ${why}`)
    say(`Without ${what}: ${why}`)
  }

  const nodes: Node[] = []
  for (const line of plan.nodes) {
    const node = await unlessProcessEnds(prepareNode(line))
    if ('reason' in node) leaveOut(`Node ${line}`, `${node.reason} (${node.fix})`)
    else nodes.push(node)
  }
  const hasDocker = findOnPath('docker') !== undefined
  if (plan.parts.includes('differential') && !hasDocker) {
    leaveOut('the differential corpus', 'there is no docker client to compare with')
  }
  const possible = plan.parts.filter((part) => part !== 'differential' || hasDocker)

  const cells: Cell[] = []
  const failures: string[] = []
  for (const name of plan.daemons) {
    const starting = startDaemonOf(name, addresses.get(name))
    // A signal may come while a daemon starts. It is stopped then, too.
    const held = scope.hold(name, starting, async () => {
      if (isProcessEnding()) await endChildren()
      const started = await starting
      if ('stop' in started) await started.stop()
    })
    const daemon = await unlessProcessEnds(starting)
    if ('reason' in daemon) {
      leaveOut(name, `${daemon.reason} (${daemon.fix})`)
      continue
    }
    const known = await engineName(daemon.host)
    for (const node of nodes) {
      say(`${known}, Node ${node.version}`)
      let cell: Cell = { daemon: known, node: node.version }
      for (const part of possible) {
        const since = performance.now()
        const label = `${name} ${node.version}`
        const result = await unlessProcessEnds(runPart(part, daemon, node, label))
        cell = { ...cell, [part]: result.count }
        const { passed, total } = result.count
        say(`  ${part.padEnd(13)}${passed} of ${total}, ${seconds(since)}`)
        for (const line of result.failures) say(`    ${line}`)
        failures.push(...result.failures.map((line) => `${known}, Node ${node.version}: ${line}`))
      }
      cells.push(cell)
      if (isWriting) writeResults([cell])
    }
    await held.release()
  }
  if (cells.length > 0) say(`\n${matrixTable(cells)}\n`)
  for (const line of left) say(`left out: ${line}`)
  if (cells.length === 0) say('Nothing ran.')
  else say(`The matrix ${failures.length > 0 ? 'failed after' : 'passed in'} ${seconds(begin)}.`)
  return failures.length > 0 || cells.length === 0 ? 1 : 0
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(0)} s`
}

async function startDaemonOf(
  name: string,
  address: string | undefined,
): Promise<MatrixDaemon | Obstacle> {
  if (address === undefined) return (await starters[name]?.()) ?? noSuchDaemon
  try {
    const isPractice = (await engineName(address)) === 'practice daemon'
    const stop = async (): Promise<void> => {}
    return { host: address, stop, ...(isPractice && { container: 'practice' }) }
  } catch (error) {
    const { message } = error as Error
    return { reason: `no daemon answers at ${address}: ${message}`, fix: 'check the address' }
  }
}

/** Adds the results to those on record, and writes the page. */
function writeResults(cells: readonly Cell[]): void {
  const record = JSON.parse(readFileSync(recordPath, 'utf8')) as Records
  const matrix = mergeCells(readMatrix(), cells)
  writeFileSync(matrixPath, `${JSON.stringify(matrix, undefined, 2)}\n`)
  writeFileSync(pagePath, page(record, checks, matrix))
}

endWith(main())
