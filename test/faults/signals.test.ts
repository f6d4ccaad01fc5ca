/**
 * Signals at each stage of an exec in a terminal: before the daemon answers,
 * in the session, and at its end, once and twice. The terminal's modes, the
 * connections and the processes are then what they were.
 *
 * `npm test` takes a sample. `WORKBOOK_FAULTS=all npm test -- faults` sends
 * every signal at every stage.
 *
 * @module
 */

import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PracticeDaemon, startPracticeDaemon } from '../../src/practice/spawn.ts'
import { program } from '../practice/daemon.ts'
import { type Container, describeWithEngine, startContainer } from '../support/engine.ts'
import { openTerminal, type Terminal } from '../support/pty.ts'
import { script } from '../support/scripts.ts'
import { type Message, messages, openConnections, type Relay, startRelay } from './relay.ts'

const isFull = process.env.WORKBOOK_FAULTS === 'all'

/** The signals that end the client, and its exit code. */
const endings = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGQUIT: 131 } as const

/** The signals that don't: the window, the job, a reader that left. */
const others = ['SIGWINCH', 'SIGTSTP', 'SIGPIPE', 'SIGUSR1'] as const

/** The prompt of a shell, without what it asks the terminal. */
const prompt = /[#$] /

type Signal = keyof typeof endings | (typeof others)[number]
type Case = { readonly stage: Message; readonly signal: Signal; readonly times: 1 | 2 }

const product: readonly Case[] = messages.flatMap((stage) =>
  ([...Object.keys(endings), ...others] as Signal[]).flatMap((signal) =>
    ([1, 2] as const).map((times): Case => ({ stage, signal, times })),
  ),
)
const sample = isFull ? product : product.filter((_, at) => at % 9 === 0)

describe.skipIf(process.platform === 'win32')('on the practice daemon', () => {
  let daemon: PracticeDaemon
  beforeAll(async () => {
    daemon = await startPracticeDaemon({ program, faults: [], log: () => {} })
  })
  afterAll(() => daemon.close())

  test.concurrent.each(sample)('$signal at $stage, $times times', async (each) => {
    await signalAt(daemon.host, 'practice', each)
  })
})

describeWithEngine('on an engine', ({ host }) => {
  let box: Container
  beforeAll(async () => {
    box = await startContainer()
  })
  afterAll(() => box.release())

  test.concurrent.each(sample)('$signal at $stage, $times times', async (each) => {
    await signalAt(host, box.name, each)
  })
})

/**
 * Runs a shell through a relay that holds one message back, sends the signal
 * then, and looks at what is left.
 */
async function signalAt(host: string, box: string, { stage, signal, times }: Case): Promise<void> {
  const relay = await startRelay(host, 'unix')
  let arrived = (): void => {}
  const isThere = new Promise<void>((resolve) => {
    arrived = resolve
  })
  relay.use({
    isStreaming: true,
    deliver(message, bytes) {
      if (message !== stage) return undefined
      arrived()
      // Enough time for the signal, so it comes before the message.
      return { pieces: ['', bytes], pause: 400 }
    },
  })
  const [command, ...words] = script('exec', '-it', box, 'sh')
  const terminal = openTerminal(command, words, { env: { DOCKER_HOST: relay.host } })
  try {
    // The message of the inspect comes only after the end of the shell.
    if (stage === 'inspect')
      terminal.waitFor(prompt).then(
        () => terminal.type('exit 3\r'),
        () => {},
      )
    await isThere
    // The signal may end everything before the ID could be read.
    const pid = terminal.pid()
    await hitWith(pid, signal, times)
    await expectRestored(terminal, pid, relay, signal, stage)
  } finally {
    await terminal.stop()
    await relay.stop()
  }
}

async function hitWith(pid: number, signal: Signal, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) {
    if (count > 0) await wait(10)
    try {
      process.kill(pid, signal)
    } catch {
      // The first one has ended it.
    }
  }
  if (signal !== 'SIGTSTP') return
  await wait(50)
  process.kill(pid, 'SIGCONT')
}

async function expectRestored(
  terminal: Terminal,
  pid: number,
  relay: Relay,
  signal: Signal,
  stage: Message,
): Promise<void> {
  const isEnding = signal in endings
  if (!isEnding && stage !== 'inspect') {
    await terminal.waitFor(prompt)
    terminal.type('exit 3\r')
  }
  const { code, screen, modesBefore, modesAfter } = await terminal.ended
  expect(modesAfter).toBe(modesBefore)
  expect(screen.toString()).not.toMatch(/a bug in the workbook|^\s+at .*:\d+:\d+/m)
  expect(code).toBe(isEnding ? endings[signal as keyof typeof endings] : 3)
  expect(await openConnections(relay)).toBe(0)
  expect(childrenOf(pid)).toEqual([])
}

/** The processes whose parent it is. */
function childrenOf(pid: number): string[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc').filter((entry) => {
    try {
      return /^PPid:\t(\d+)/m.exec(readFileSync(`/proc/${entry}/status`, 'utf8'))?.[1] === `${pid}`
    } catch {
      return false
    }
  })
}
