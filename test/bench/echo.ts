/**
 * How long a key takes to the container's terminal and back.
 *
 * The sessions of all contenders are open at the same time, and each gets one
 * key in turn.
 *
 * @module
 */

import { spawn } from '@lydell/node-pty'
import { contenders, names } from './contenders.ts'
import type { BenchEngine } from './engines.ts'
import {
  type EchoSession,
  echoCommand,
  openBareSession,
  openDockerodeSession,
  openOwnSession,
} from './sessions.ts'
import { percentile } from './statistics.ts'
import type { Bench, Case, Table } from './table.ts'

/** The case of this file. */
export const echo: Case = {
  name: 'echo',
  about: 'the echo of a key: in this process, and in a terminal',
  needsEngine: true,
  async run(bench) {
    const tables: Table[] = []
    for (const engine of bench.engines) tables.push(await measureEcho(bench, engine))
    return tables
  },
}

/** Who can pass on the keys of a terminal. */
const inTerminals: readonly string[] = [names.docker, names.ours, names.written]

async function measureEcho(bench: Bench, engine: BenchEngine): Promise<Table> {
  const { host, container } = engine
  const processes = contenders(undefined)
    .filter(({ name }) => inTerminals.includes(name))
    .map(({ name, words }) => ({
      name: `${name}, in a terminal`,
      open: () => {
        // A session at a terminal: -it.
        const line = words(container, { tty: true, input: true, command: echoCommand })
        return openTerminalSession(line, bench.environmentFor(engine))
      },
    }))
  const openers = [
    ...processes,
    { name: `${names.ours}, in this process`, open: () => openOwnSession(host, container) },
    ...(bench.peers
      ? [
          {
            name: `${names.dockerode}, in this process`,
            open: () => openDockerodeSession(bench.peers ?? '', host, container),
          },
        ]
      : []),
    { name: `${names.bare}, in this process`, open: () => openBareSession(host, container) },
  ]

  const sessions: (EchoSession & { readonly name: string; readonly times: number[] })[] = []
  try {
    for (const { name, open } of openers) {
      bench.say(`echo, ${engine.name}: opens ${name}`)
      sessions.push({ ...(await open()), name, times: [] })
    }
    const keys = bench.isQuick ? 100 : 1000
    bench.say(`echo, ${engine.name}: ${keys} keys`)
    for (let key = -20; key < keys; key += 1) {
      for (const session of sessions) {
        const began = performance.now()
        await session.press()
        if (key >= 0) session.times.push(performance.now() - began)
      }
    }
  } finally {
    for (const session of sessions) await session.close()
  }

  const timesOf = (name: string): readonly number[] =>
    sessions.find((session) => session.name === name)?.times ?? []
  const target = (percent: number) => ({
    what: `p${percent} in a terminal, to the ${names.docker}`,
    value:
      percentile(timesOf(`${names.ours}, in a terminal`), percent) /
      percentile(timesOf(`${names.docker}, in a terminal`), percent),
    limit: { atMost: 1 },
  })
  return {
    name: 'echo',
    title: 'The echo of a key',
    engine: engine.name,
    columns: [
      { key: 'p50', title: 'p50, ms', digits: 3 },
      { key: 'p99', title: 'p99, ms', digits: 3 },
    ],
    rows: sessions.map(({ name, times }) => ({
      name,
      values: { p50: [percentile(times, 50)], p99: [percentile(times, 99)] },
    })),
    base: `${names.docker}, in a terminal`,
    targets: [target(50), target(99)],
    note: `In a terminal, a key costs our process two reads, two writes and three waits for events, and no other system call. "${names.written}" does nothing but that: it is the least that a client in Node costs. In this process there is no terminal: the benchmark holds the session itself.`,
  }
}

/** A client in a terminal of its own. */
async function openTerminalSession(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<EchoSession> {
  const [command = '', ...args] = words
  const terminal = spawn(command, args, { cols: 80, rows: 24, name: 'xterm', env })
  let shown = ''
  let arrived: () => void = () => {}
  terminal.onData((text) => {
    shown += text
    arrived()
  })
  const exited = new Promise<void>((resolve) => terminal.onExit(() => resolve()))
  const stuck = setTimeout(() => terminal.kill('SIGKILL'), 30_000)
  while (!shown.includes('ready')) {
    await Promise.race([
      new Promise<void>((resolve) => {
        arrived = resolve
      }),
      exited.then(() => {
        throw new Error(`${command} ended: ${shown.trim()}`)
      }),
    ])
  }
  clearTimeout(stuck)
  return {
    press: () =>
      new Promise((resolve) => {
        arrived = resolve
        terminal.write('x')
      }),
    async close() {
      terminal.kill('SIGKILL')
      await exited
    },
  }
}
