/**
 * `npm run bench`: measures the workbook beside its peers, and writes
 * docs/performance.md.
 *
 * @module
 */

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endWith, onExit } from '../../src/process/ending.ts'
import { Failure } from '../../src/process/failure.ts'
import type { OptionTable } from '../../src/process/options.ts'
import { readScriptLine } from '../../src/process/script-line.ts'
import { findOnPath } from '../support/image.ts'
import { root } from '../support/scripts.ts'
import { contenders, installPeers, names } from './contenders.ts'
import { echo } from './echo.ts'
import { type BenchEngine, openEngine } from './engines.ts'
import { frames } from './frames.ts'
import { isReached, performancePage } from './page.ts'
import { plot } from './plot.ts'
import { stalled } from './stalled.ts'
import { screen, start } from './starting.ts'
import type { Bench, Case, Table } from './table.ts'
import { throughput } from './throughput.ts'

const cases: readonly Case[] = [...throughput, start, screen, frames, stalled, echo]

const usage = 'Usage:  npm run bench -- [OPTIONS]'

const help = `${usage}

Measures the workbook beside the docker client, dockerode, docker/node-sdk and
bare sockets, and writes docs/performance.md. It takes about 20 minutes, and
20 more with a second daemon. The machine should do nothing else. It runs
against the daemon that DOCKER_HOST names, or starts a dockerd, which needs
root.

Options:
      --quick                  Smaller sizes and fewer rounds: about 90 seconds
      --only NAME              Only this case; can be repeated. Prints the page
                               instead of writing it
      --list                   List the cases
      --second-daemon ADDRESS  Measure on this daemon, too
      --no-peers               Install no peers
  -h, --help                   Print this text
`

const table = {
  quick: { type: 'switch' },
  only: { type: 'list' },
  list: { type: 'switch' },
  'second-daemon': { type: 'value' },
  'no-peers': { type: 'switch' },
  help: { type: 'switch', short: 'h' },
} as const satisfies OptionTable

async function main(): Promise<number> {
  const { options, words } = readScriptLine({ name: 'bench', table, usage }, process.argv.slice(2))
  if (options.help) {
    process.stdout.write(help)
    return 0
  }
  if (options.list) {
    for (const { name, about } of cases) process.stdout.write(`${name.padEnd(9)} ${about}\n`)
    return 0
  }
  if (words.length > 0) throw new Failure(`bench takes no words, not ${words[0]}\n${usage}`, 125)
  if (process.platform !== 'linux') {
    throw new Failure('cannot measure CPU time: the benchmark needs Linux', 1)
  }
  const chosen = choose(options.only ?? [])

  const folder = mkdtempSync(join(tmpdir(), 'wb-bench-'))
  const engines: BenchEngine[] = []
  const release = async (): Promise<void> => {
    for (const engine of engines.splice(0)) await engine.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  onExit(release)
  try {
    const peers = options['no-peers'] ? undefined : await preparePeers(join(folder, 'peers'))
    if (chosen.some(({ needsEngine }) => needsEngine)) {
      say('opens the daemon')
      engines.push(await openEngineOrFail(process.env.DOCKER_HOST))
      const second = options['second-daemon']
      if (second !== undefined) engines.push(await openEngineOrFail(second))
    }
    const bench: Bench = {
      ...{ engines, peers, folder, say },
      contenders: contenders(peers),
      isQuick: options.quick ?? false,
      environmentFor: ({ host }) => ({
        ...process.env,
        DOCKER_HOST: host,
        DOCKER_CONFIG: folder,
        XDG_STATE_HOME: folder,
        // Few learners have it, and it makes every start of Node 20 slower.
        NODE_EXTRA_CA_CERTS: '',
      }),
    }
    const tables: Table[] = []
    for (const { run } of chosen) tables.push(...(await run(bench)))
    show(tables, bench, (options.only ?? []).length === 0)
    return 0
  } finally {
    await release()
  }
}

function choose(only: readonly string[]): readonly Case[] {
  const unknown = only.find((name) => !cases.some((one) => one.name === name))
  if (unknown !== undefined) {
    const all = cases.map(({ name }) => name).join(', ')
    throw new Failure(`unknown case: ${unknown}`, 125, `The cases are ${all}.`)
  }
  return only.length === 0 ? cases : cases.filter(({ name }) => only.includes(name))
}

async function preparePeers(folder: string): Promise<string | undefined> {
  say('installs the peers')
  const problem = await installPeers(folder)
  if (problem === '') return folder
  say(`goes on without the peers from npm: ${problem}`)
  return undefined
}

async function openEngineOrFail(address: string | undefined): Promise<BenchEngine> {
  try {
    return await openEngine(address)
  } catch (error) {
    throw new Failure(
      `cannot use the daemon${address === undefined ? '' : ` at ${address}`}: ${(error as Error).message}`,
      1,
      'npm run bench -- --only frames needs no daemon.',
    )
  }
}

/** Writes the page and its pictures, or prints the page. */
function show(tables: readonly Table[], bench: Bench, isComplete: boolean): void {
  const docs = join(root, 'docs')
  const pictures = new Map<Table, string>()
  for (const one of isComplete ? tables.filter(isDrawn) : []) {
    const name = `performance-${one.name}.svg`
    if ([...pictures.values()].includes(name)) continue
    pictures.set(one, name)
    writeFileSync(join(docs, name), plot(one, names.ours))
  }
  const setting = { versions: versionsOf(bench), isQuick: bench.isQuick }
  const page = performancePage(tables, setting, pictures)
  if (isComplete) {
    writeFileSync(join(docs, 'performance.md'), page)
    process.stdout.write('Wrote docs/performance.md.\n')
  } else process.stdout.write(page)
  const missed = tables.flatMap(({ targets }) => targets.filter((target) => !isReached(target)))
  process.stdout.write(`${missed.length} targets missed.\n`)
}

/** The pictures that say more than their table. */
function isDrawn({ name }: Table): boolean {
  return ['out', 'start', 'stalled'].includes(name)
}

function versionsOf({ engines, peers }: Bench): Record<string, string> {
  const manifest = readFileSync(join(import.meta.dirname, 'peers', 'package.json'), 'utf8')
  const { dependencies } = JSON.parse(manifest) as { dependencies: Record<string, string> }
  const docker = findOnPath('docker')
  return {
    Node: process.versions.node,
    ...(docker && {
      'docker client':
        /\d[\w.]*/.exec(execFileSync(docker, ['--version'], { encoding: 'utf8' }))?.[0] ?? '',
    }),
    ...Object.fromEntries(engines.map(({ name }) => name.split(' ') as [string, string])),
    ...(peers ? dependencies : {}),
  }
}

const began = performance.now()

function say(line: string): void {
  const seconds = ((performance.now() - began) / 1000).toFixed(0).padStart(4)
  process.stderr.write(`${seconds} s  ${line}\n`)
}

endWith(main())
