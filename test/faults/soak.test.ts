/**
 * Many execs in one process, in a row and at once, and long streams: memory,
 * descriptors and listeners stay as they are.
 *
 * `npm test` takes seconds. `WORKBOOK_SOAK=10 npm test -- soak` runs 2,000 in
 * a row, 200 at once, and 10 GiB in each direction.
 *
 * @module
 */

import { readdirSync } from 'node:fs'
import { Writable } from 'node:stream'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Asked } from '../../chapters/01-create/stage.ts'
import { dockerExec } from '../../chapters/index.ts'
import { createScope } from '../../src/course/scope.ts'
import { walk } from '../../src/course/walk.ts'
import { createMemoryTerminal } from '../../src/judging/memory-terminal.ts'
import { type PracticeDaemon, startPracticeDaemon } from '../../src/practice/spawn.ts'
import type { Consumer } from '../../src/stream/source.ts'
import type { Terminal } from '../../src/terminal/terminal.ts'
import { program } from '../practice/daemon.ts'
import { type Container, describeWithEngine, startContainer } from '../support/engine.ts'
import { asked, connectEngine } from '../support/kit.ts'

const [kib, mib, gib] = [1024, 1024 ** 2, 1024 ** 3]
const gibibytes = Number(process.env.WORKBOOK_SOAK || 0)
const isLong = gibibytes > 0
const amount = isLong
  ? { inRow: 2000, atOnce: 200, bytes: gibibytes * gib }
  : { inRow: 100, atOnce: 20, bytes: 64 * mib }

/** How much memory may come and go, in MiB. */
const slack = { heap: 4, resident: 80 }

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** What a process has: memory in MiB, and counts. */
type Possessions = {
  readonly heap: number
  readonly resident: number
  readonly descriptors: number
  readonly listeners: number
  readonly resources: number
}

async function possessions(): Promise<Possessions> {
  // What was closed just now is gone after a few turns of the event loop.
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate)
  collectGarbage()
  const { heapUsed, rss } = process.memoryUsage()
  const listeners = process.eventNames().map((name) => process.listenerCount(name))
  return {
    heap: Math.round((heapUsed / mib) * 10) / 10,
    resident: Math.round(rss / mib),
    descriptors: process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0,
    listeners: listeners.reduce((sum, count) => sum + count, 0),
    resources: process.getActiveResourcesInfo().filter((name) => !/Timeout/.test(name)).length,
  }
}

function expectSame(before: Possessions, after: Possessions, title: string): void {
  if (isLong) console.log(`${title}:\n  before ${print(before)}\n  after  ${print(after)}`)
  expect(after.heap - before.heap, 'heap').toBeLessThan(slack.heap)
  expect(after.resident - before.resident, 'resident').toBeLessThan(slack.resident)
  const { descriptors, listeners } = before
  expect(after).toMatchObject({ descriptors, listeners })
  expect(after.resources).toBeLessThanOrEqual(before.resources)
}

function print(values: Possessions): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}

/** Runs one exec to its end, and returns its exit code. */
async function exec(host: string, question: Asked, terminal?: Terminal): Promise<number> {
  const scope = createScope()
  const log = { note: () => {}, bytes: () => {} }
  const engine = await connectEngine({
    environment: { DOCKER_CONFIG: '/nonexistent', DOCKER_HOST: host },
    warn: () => {},
  })
  try {
    const kit = { engine, scope, terminal: terminal ?? createMemoryTerminal({}, log).terminal }
    let last: { exitCode?: number } = {}
    for await (const { state } of walk(dockerExec, question, kit)) last = state
    return last.exitCode ?? -1
  } finally {
    await engine.close()
  }
}

/** A terminal that gives a number of bytes and counts what it gets. */
function countingTerminal(give: number): {
  terminal: Terminal
  got: () => number
  text: () => string
} {
  let got = 0
  let text = ''
  const output = new Writable({
    write(chunk: Buffer, _, done) {
      got += chunk.length
      if (got < kib) text += chunk.toString()
      done()
    },
  })
  const { terminal } = createMemoryTerminal({ output }, { note: () => {}, bytes: () => {} })
  return {
    got: () => got,
    text: () => text,
    terminal: { ...terminal, openInput: () => endlessInput(give) },
  }
}

/** Gives bytes out of one buffer, and waits when it's told to. */
function endlessInput(give: number): ReturnType<Terminal['openInput']> {
  const buffer = Buffer.alloc(64 * kib)
  let left = give
  let resume = (): void => {}
  return {
    resume: () => resume(),
    close: () => {},
    read: (take: Consumer) =>
      new Promise((resolve) => {
        resume = () => {
          while (left > 0) {
            const chunk = buffer.subarray(0, Math.min(left, buffer.length))
            left -= chunk.length
            if (!take(chunk)) return
          }
          resolve(undefined)
        }
        setImmediate(resume)
      }),
  }
}

/** Returns the result of the work, and the most resident memory meanwhile. */
async function withPeak<Result>(work: Promise<Result>): Promise<{ result: Result; peak: number }> {
  let peak = 0
  const timer = setInterval(() => {
    peak = Math.max(peak, Math.round(process.memoryUsage.rss() / mib))
  }, 50)
  const result = await work.finally(() => clearInterval(timer))
  return { result, peak }
}

function defineTests(place: () => { readonly host: string; readonly container: string }): void {
  const options = { timeout: isLong ? 3_600_000 : 60_000 }
  const run = (changes: Partial<Asked>, terminal?: Terminal): Promise<number> => {
    const { host, container } = place()
    return exec(host, asked({ container, ...changes }), terminal)
  }

  test(`runs ${amount.inRow} execs in a row`, options, async () => {
    // The first ones load modules and fill caches.
    for (let count = 0; count < amount.inRow / 4; count += 1) await run({})
    const before = await possessions()
    for (let count = 0; count < amount.inRow; count += 1) expect(await run({})).toBe(0)
    expectSame(before, await possessions(), `${amount.inRow} in a row`)
  })

  test(`runs ${amount.atOnce} execs at once`, options, async () => {
    const command = ['sh', '-c', 'sleep 0.2; exit 7']
    const all = (): Promise<number[]> =>
      Promise.all(Array.from({ length: amount.atOnce }, () => run({ command })))
    await all()
    const before = await possessions()
    expect(new Set(await all())).toEqual(new Set([7]))
    expectSame(before, await possessions(), `${amount.atOnce} at once`)
  })

  test(`copies ${amount.bytes / mib} MiB out`, options, async () => {
    const command = ['head', '-c', `${amount.bytes}`, '/dev/zero']
    const before = await possessions()
    const { terminal, got } = countingTerminal(0)
    const { result, peak } = await withPeak(run({ command }, terminal))
    expect([result, got()]).toEqual([0, amount.bytes])
    expectSame(before, await possessions(), `${amount.bytes / mib} MiB out, peak ${peak} MiB`)
    expect(peak - before.resident, 'peak').toBeLessThan(slack.resident)
  })

  test(`copies ${amount.bytes / mib} MiB in`, options, async () => {
    const before = await possessions()
    const { terminal, text } = countingTerminal(amount.bytes)
    const command = ['sh', '-c', 'cat | wc -c']
    const { result, peak } = await withPeak(run({ command, interactive: true }, terminal))
    expect([result, Number(text())]).toEqual([0, amount.bytes])
    expectSame(before, await possessions(), `${amount.bytes / mib} MiB in, peak ${peak} MiB`)
    expect(peak - before.resident, 'peak').toBeLessThan(slack.resident)
  })
}

describe.skipIf(process.platform === 'win32')('one process, on the practice daemon,', () => {
  let daemon: PracticeDaemon
  beforeAll(async () => {
    daemon = await startPracticeDaemon({ program, faults: [], log: () => {} })
  })
  afterAll(() => daemon.close())
  defineTests(() => ({ host: daemon.host, container: 'practice' }))
})

describeWithEngine('one process, on an engine,', ({ host }) => {
  let box: Container
  beforeAll(async () => {
    box = await startContainer()
  })
  afterAll(() => box.release())
  defineTests(() => ({ host, container: box.name }))
})
