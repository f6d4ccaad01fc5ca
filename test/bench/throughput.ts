/**
 * Large outputs and inputs: who copies them with the least work?
 *
 * @module
 */

import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, ftruncateSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { type Contender, names, type Work } from './contenders.ts'
import type { BenchEngine } from './engines.ts'
import { measure } from './measure.ts'
import { ratio } from './statistics.ts'
import {
  type Bench,
  type Case,
  type Column,
  createRows,
  type Row,
  type Target,
  valuesOf,
} from './table.ts'

const MiB = 1024 * 1024

const columns: readonly Column[] = [
  { key: 'cpu', title: 'CPU, s', digits: 2 },
  { key: 'wall', title: 'wall, s', digits: 2 },
  { key: 'peak', title: 'peak, MiB', digits: 0 },
]

/** Lines of text, whose hash shows a lost or swapped byte. */
const checkedLines = 300_000

/** A large transfer. */
type Transfer = {
  readonly name: string
  readonly about: string
  /** Its length in MiB: in full, and with `--quick`. */
  readonly length: number
  readonly quickLength: number
  readonly work: (bytes: number) => Work
  /** Opens the standard input of a contender. */
  readonly openInput?: (bench: Bench, bytes: number) => Promise<number>
  /** Judges the workbook's CPU time. */
  readonly target: (rows: readonly Row[]) => Target
}

/** Zeros from the container's kernel: the source costs next to nothing. */
const zeros = (bytes: number): readonly string[] => [
  ...['sh', '-c'],
  `dd if=/dev/zero bs=1048576 count=${bytes / MiB} 2>/dev/null`,
]

/** Counts its input, and fails if a byte is missing. */
const counted = (bytes: number): Work => ({
  input: true,
  command: ['sh', '-c', `test "$(wc -c)" -eq ${bytes}`],
})

const toLimit = (rows: readonly Row[]): Target => ({
  what: `CPU, to the ${names.limit}`,
  value: ratio(valuesOf(rows, names.ours, 'cpu'), valuesOf(rows, names.limit, 'cpu')),
  limit: { atMost: 1.1 },
})

const toDocker = (rows: readonly Row[]): Target => ({
  what: `CPU, to the ${names.docker}`,
  value: ratio(valuesOf(rows, names.ours, 'cpu'), valuesOf(rows, names.docker, 'cpu')),
  limit: { atMost: 1.15 },
})

const transfers: readonly Transfer[] = [
  {
    ...{ name: 'out', about: 'output in frames, to /dev/null', length: 2048, quickLength: 128 },
    work: (bytes) => ({ command: zeros(bytes) }),
    target: toLimit,
  },
  {
    ...{ name: 'tty', about: 'output of a tty, to /dev/null', length: 128, quickLength: 8 },
    work: (bytes) => ({ tty: true, command: zeros(bytes) }),
    target: toLimit,
  },
  {
    ...{ name: 'in', about: 'input from a pipe', length: 1024, quickLength: 64 },
    work: counted,
    openInput: openPipe,
    target: toDocker,
  },
  {
    ...{ name: 'in-file', about: 'input from a file', length: 1024, quickLength: 64 },
    work: counted,
    openInput: openFile,
    target: toDocker,
  },
]

/** The cases of this file. */
export const throughput: readonly Case[] = transfers.map((transfer) => ({
  name: transfer.name,
  about: `${transfer.length} MiB of ${transfer.about}`,
  needsEngine: true,
  async run(bench) {
    const length = bench.isQuick ? transfer.quickLength : transfer.length
    const tables = []
    for (const engine of bench.engines) {
      const rows = await race(bench, engine, transfer, length * MiB)
      tables.push({
        name: transfer.name,
        title: `${length} MiB of ${transfer.about}`,
        engine: engine.name,
        columns,
        rows,
        base: names.docker,
        targets: [transfer.target(rows)],
      })
    }
    return tables
  },
}))

/** All contenders once a round, in turn. A first round warms up the caches. */
async function race(
  bench: Bench,
  engine: BenchEngine,
  { name, work, openInput }: Transfer,
  bytes: number,
): Promise<Row[]> {
  const { contenders, isQuick, say } = bench
  const env = bench.environmentFor(engine)
  const results = createRows(contenders.map((contender) => contender.name))
  for (const contender of contenders) {
    say(`${name}, ${engine.name}: checks what ${contender.name} copies`)
    const problem =
      contender.cannot?.(work(bytes)) ??
      (await check(contender, engine, env, work(bytes)).catch((error: Error) => error.message))
    if (problem) results.drop(contender.name, problem)
  }
  const rounds = isQuick ? 3 : 5
  for (let round = 1; round <= rounds; round += 1) {
    for (const contender of contenders.filter((one) => results.isIn(one.name))) {
      say(`${name}, ${engine.name}: round ${round} of ${rounds}, ${contender.name}`)
      const input = openInput ? await openInput(bench, bytes) : openSync('/dev/null', 'r')
      try {
        const words = contender.words(engine.container, work(bytes))
        const sample = await measure(words, { stdio: [input, 'ignore', 'ignore'], env })
        results.add(contender.name, sample)
      } catch (error) {
        results.drop(contender.name, (error as Error).message)
      } finally {
        closeSync(input)
      }
    }
  }
  return results.rows()
}

/**
 * Lets a contender copy text, and compares its hash. What only counts bytes
 * has to count enough of them.
 *
 * @returns what is wrong with the copy
 */
async function check(
  contender: Contender,
  engine: BenchEngine,
  env: NodeJS.ProcessEnv,
  work: Work,
): Promise<string | undefined> {
  const lineEnd = work.tty ? '\r\n' : '\n'
  const text = Array.from({ length: checkedLines }, (_, at) => `${at + 1}${lineEnd}`).join('')
  const hash = createHash('sha256').update(text).digest('hex')
  const copied: Work = work.input
    ? { input: true, command: ['sh', '-c', `sha256sum | grep -q ${hash}`] }
    : { ...work, command: ['seq', '1', String(checkedLines)] }

  const [command = '', ...args] = contender.words(engine.container, copied)
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'ignore'], timeout: 120_000 })
  child.on('error', () => {})
  child.stdin.on('error', () => {})
  child.stdin.end(work.input ? text : '')
  const copy = createHash('sha256')
  let shown = ''
  child.stdout.on('data', (chunk: Buffer) => {
    copy.update(chunk)
    if (shown.length < 100) shown += chunk.toString('latin1', 0, 100)
  })
  const [code] = await once(child, 'close')
  if (code !== 0) return work.input ? 'the input arrived changed' : `exit code ${code}`
  if (work.input) return undefined
  if (contender.writes) return copy.digest('hex') === hash ? undefined : 'the output is changed'
  return Number(shown) >= text.length ? undefined : `only ${shown.trim()} bytes came`
}

/**
 * Opens a pipe that a process fills. The process is not our child, so its CPU
 * time is not counted.
 */
async function openPipe({ folder }: Bench, bytes: number): Promise<number> {
  const path = join(folder, `input-${performance.now()}`)
  execFileSync('mkfifo', [path])
  const fill = 'exec 2>/dev/null; head -c "$1" /dev/zero >"$0" &'
  await once(spawn('sh', ['-c', fill, path, String(bytes)], { stdio: 'ignore' }), 'exit')
  return openSync(path, 'r')
}

/** Opens a file of zeros that takes no room on the disk. */
async function openFile({ folder }: Bench, bytes: number): Promise<number> {
  const path = join(folder, 'input')
  const file = openSync(path, 'w')
  ftruncateSync(file, bytes)
  closeSync(file)
  return openSync(path, 'r')
}
