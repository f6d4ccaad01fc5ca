/**
 * The faults of a relay and of the practice daemon, with `npm run exec` and
 * each chapter, in pipes and in a terminal. Each run ends with a sentence,
 * and leaves the terminal and the connections as they were.
 *
 * `npm test` takes a sample. `WORKBOOK_FAULTS=all npm test -- faults` tries
 * every fault with every message and command, for about an hour.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faults as practiceFaults } from '../../src/practice/faults.ts'
import { type PracticeDaemon, startPracticeDaemon } from '../../src/practice/spawn.ts'
import { program, withPractice } from '../practice/daemon.ts'
import { describeWithEngine, startContainer } from '../support/engine.ts'
import { temporaryFolder } from '../support/folder.ts'
import { openTerminal } from '../support/pty.ts'
import { start } from '../support/run.ts'
import { script } from '../support/scripts.ts'
import { type Message, messages, openConnections, type RelayFault, startRelay } from './relay.ts'
import { faultOf, type MessageFault, mergedWrites, messageFaults } from './relay-faults.ts'

const isFull = process.env.WORKBOOK_FAULTS === 'all'

/** How long a run may take, in milliseconds. */
const limit = 30_000

/** How long a run that waits for the daemon gets before its Ctrl-C. */
const patience = 3000

/** A command line that runs in pipes or in a terminal. */
type Command = {
  readonly title: string
  readonly place: 'pipes' | 'terminal'
  /** The script and its words before the container. */
  readonly words: Parameters<typeof script>
}

const commands: readonly Command[] = (['pipes', 'terminal'] as const).flatMap((place) => [
  { title: 'exec', place, words: place === 'pipes' ? ['exec', '-i'] : ['exec', '-it'] },
  ...[1, 2, 3, 4, 5, 6, 7].map(
    (chapter): Command => ({
      title: `chapter ${chapter}`,
      place,
      words: ['chapter', '--plain', '--no-tape', `${chapter}`],
    }),
  ),
])

/** Ends by itself, so the relay can pass its session on as a whole. */
const inside = ['sh', '-c', 'echo out; echo err >&2; exit 3']

type Ended = { readonly code: number; readonly text: string; readonly milliseconds: number }

/** Runs a command to its end. One that waits for ever gets a Ctrl-C. */
async function runOn(
  host: string,
  container: string,
  { place, words }: Command,
  waits: boolean,
): Promise<Ended> {
  const [program, ...args] = script(...words, container, ...inside)
  const state = temporaryFolder('wbfault')
  const env = { DOCKER_HOST: host, XDG_STATE_HOME: state, NO_COLOR: '1', CI: 'true' }
  const began = performance.now()
  const milliseconds = (): number => performance.now() - began
  if (place === 'terminal') {
    const terminal = openTerminal(program, args, { env })
    // Chapter 4 shows the bytes of keys until you press q.
    const stop = (): void => {
      if (waits) process.kill(terminal.pid(), 'SIGINT')
      else terminal.type('q')
    }
    const timer = (waits || words.includes('4')) && setTimeout(stop, patience)
    try {
      const { code, screen, modesBefore, modesAfter } = await terminal.ended
      expect(modesAfter).toBe(modesBefore)
      return { code, text: screen.toString(), milliseconds: milliseconds() }
    } finally {
      if (timer) clearTimeout(timer)
      await terminal.stop()
    }
  }
  const running = start(program, args, { env })
  const timer = waits && setTimeout(() => process.kill(running.pid, 'SIGINT'), patience)
  const { code, stdout, stderr } = await running.ended
  if (timer) clearTimeout(timer)
  return { code: code ?? -1, text: `${stdout}${stderr}`, milliseconds: milliseconds() }
}

function expectSound({ code, text, milliseconds }: Ended, { words }: Command): void {
  expect(text).not.toMatch(/a bug in the workbook|^\s+at .*:\d+:\d+|\[object Object\]|NaN/m)
  expect(milliseconds).toBeLessThan(limit)
  expect(code).toBeGreaterThanOrEqual(0)
  // The command exits with 3. A chapter that stops earlier exits with 0.
  if (words[0] === 'exec') expect(code).not.toBe(0)
  if (code !== 0) expect(text.trim()).not.toBe('')
}

type Case = { readonly message: Message; readonly fault: MessageFault; readonly command: Command }

const product: readonly Case[] = messageFaults.flatMap((fault) =>
  messages
    .filter((message) => !fault.of || fault.of.includes(message))
    .flatMap((message) => commands.map((command): Case => ({ message, fault, command }))),
)

/** In a sample, the step leads to another message and command each time. */
const sample = isFull ? product : product.filter((_, at) => at % 313 === 7)

const titled = sample.map((each): [string, Case] => {
  const { message, fault, command } = each
  return [`${command.title} in ${command.place}, ${message}: ${fault.name}`, each]
})

describe.skipIf(process.platform === 'win32')('a relay in front of the practice daemon', () => {
  let daemon: PracticeDaemon
  beforeAll(async () => {
    daemon = await startPracticeDaemon({ program, faults: [], log: () => {} })
  })
  afterAll(() => daemon.close())

  async function through(fault: RelayFault, command: Command, waits = false): Promise<Ended> {
    const relay = await startRelay(daemon.host, 'tcp')
    relay.use(fault)
    try {
      const ended = await runOn(relay.host, 'practice', command, waits)
      expectSound(ended, command)
      expect(await openConnections(relay)).toBe(0)
      return ended
    } finally {
      await relay.stop()
    }
  }

  test.concurrent.each(titled)('%s', async (_, { message, fault, command }) => {
    const ended = await through(faultOf(message, fault), command, fault.isEndless)
    if (fault.isHarmless && command.words[0] === 'exec') expect(ended.code).toBe(3)
  })

  const exec = commands.filter(({ words }) => words[0] === 'exec')
  test.concurrent.each(exec)(
    '$title in $place: 101, session and end in one write',
    async (command) => {
      const { code, text } = await through(mergedWrites(), command)
      expect(code).toBe(3)
      expect(text.replaceAll('\r', '')).toBe('out\nerr\n')
    },
  )

  test.concurrent.each(exec)('$title in $place: no second connection', async (command) => {
    const { text } = await through({ connections: 1 }, command)
    expect(text).toMatch(/error during connect|Cannot connect/)
  })

  test.concurrent.each(exec)('$title in $place: input is never read', async (command) => {
    const { code } = await through({ stallsInput: true }, command)
    expect(code).toBe(3)
  })
})

describe.skipIf(process.platform === 'win32')('the practice daemon', () => {
  const cases = practiceFaults.flatMap(({ name }) =>
    commands.map((command) => ({ name, command, title: command.title, place: command.place })),
  )
  const chosen = isFull ? cases : cases.filter((_, at) => at % 59 === 3)
  test.concurrent.each(chosen)('$title in $place: $name', async ({ name, command }) => {
    await withPractice([name], async ({ host }) => {
      expectSound(await runOn(host, 'practice', command, name === 'silent'), command)
    })
  })
})

describeWithEngine('a relay in front of an engine', ({ host }) => {
  const chosen = isFull ? titled : titled.filter((_, at) => at % 4 === 0)
  test.concurrent.each(chosen)('%s', async (_, { message, fault, command }) => {
    const box = await startContainer()
    const relay = await startRelay(host, 'tcp')
    relay.use(faultOf(message, fault))
    try {
      expectSound(await runOn(relay.host, box.name, command, fault.isEndless === true), command)
      expect(await openConnections(relay)).toBe(0)
    } finally {
      await relay.stop()
      await box.release()
    }
  })
})
