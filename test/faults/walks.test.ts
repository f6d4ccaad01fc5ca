/**
 * Every fault of a relay with every message of an exec, with and without a
 * tty, in this process. A walk ends, its error is a sentence, and it leaves
 * nothing open.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dockerExec } from '../../chapters/index.ts'
import { createScope } from '../../src/course/scope.ts'
import { walk } from '../../src/course/walk.ts'
import { createMemoryTerminal } from '../../src/judging/memory-terminal.ts'
import { Failure } from '../../src/process/failure.ts'
import { encodeFrame } from '../../src/stream/frames.ts'
import { bytesIn } from '../../src/tape/event.ts'
import { tapeText } from '../../src/tape/keep.ts'
import { parseTape } from '../../src/tape/read.ts'
import { createRecorder } from '../../src/tape/recorder.ts'
import { asked, connectEngine } from '../support/kit.ts'
import {
  engineRoutes,
  json,
  type ScriptedServer,
  startServer,
  upgradedHead,
} from '../support/server.ts'
import {
  type Message,
  messages,
  openConnections,
  type Relay,
  type RelayFault,
  startRelay,
} from './relay.ts'
import { cutAfter, faultOf, mergedWrites, messageFaults } from './relay-faults.ts'

/** How long a walk may take, in milliseconds. */
const limit = 5000

/** What a walk came to. */
type Outcome = {
  readonly exitCode: number
  readonly message: string
  readonly stdout: string
  readonly stderr: string
  /** An error that is not a sentence for people. */
  readonly defect?: string
}

const whole = {
  plain: { stdout: 'out\n', stderr: 'err\n' },
  tty: { stdout: 'out\r\nerr\r\n', stderr: '' },
}
type Kind = keyof typeof whole

describe.each(['plain', 'tty'] as const)('a relay in front of a session: %s', (kind) => {
  let server: ScriptedServer

  beforeAll(async () => {
    server = await startServer([
      {
        on: 'POST /exec/e1/start',
        answer: { pieces: [upgradedHead, sessionBytes(kind)], after: 'end' },
      },
      {
        on: 'GET /exec/e1/json',
        answer: json('200 OK', { ID: 'e1', Running: false, ExitCode: 3 }),
      },
      ...engineRoutes,
    ])
  })
  afterAll(() => server.stop())

  /** Each test has a relay of its own, so that they can run side by side. */
  async function withRelay(body: (relay: Relay) => Promise<void>): Promise<void> {
    const relay = await startRelay(server.host, 'tcp')
    await body(relay).finally(relay.stop)
  }

  const harmless = { exitCode: 3, message: '', ...whole[kind] }

  test.concurrent.each(['nothing', 'merges 101, session and end'])('%s', async (name) => {
    const fault = name === 'nothing' ? {} : mergedWrites()
    await withRelay(async (relay) => {
      expect(await walkThrough(relay, kind, fault)).toEqual(harmless)
    })
  })

  test.concurrent.each(messages.filter((message) => message !== 'resize' || kind === 'tty'))(
    'does anything wrong with the message %s',
    (message) =>
      withRelay(async (relay) => {
        const problems: string[] = []
        for (const fault of messageFaults) {
          if (fault.isEndless || (fault.of && !fault.of.includes(message))) continue
          const outcome = await walkThrough(relay, kind, faultOf(message, fault))
          problems.push(...problemsOf(outcome, fault.name))
          if (fault.isHarmless) expect(outcome, fault.name).toEqual(harmless)
        }
        expect(problems).toEqual([])
      }),
  )

  const everyByte = process.env.WORKBOOK_FAULTS === 'all'
  test.concurrent.each(messages.filter((message) => message !== 'resize' || kind === 'tty'))(
    `breaks off after ${everyByte ? 'each byte' : 'some bytes'} of the message %s`,
    (message) =>
      withRelay(async (relay) => {
        const problems: string[] = []
        let length = 0
        const measure = (arrived: Message, bytes: Buffer): undefined => {
          if (arrived === message) length = bytes.length
        }
        await walkThrough(relay, kind, { deliver: measure })
        for (let count = 0; count < length; count += everyByte ? 1 : 23) {
          for (const after of ['end', 'reset'] as const) {
            const outcome = await walkThrough(relay, kind, cutAfter(message, count, after))
            problems.push(...problemsOf(outcome, `${after} after ${count} bytes`))
          }
        }
        expect(problems).toEqual([])
      }),
  )

  test.concurrent.each([0, 1])('accepts only %i connections', (connections) =>
    withRelay(async (relay) => {
      const outcome = await walkThrough(relay, kind, { connections })
      expect(problemsOf(outcome, 'connections')).toEqual([])
    }),
  )
})

function sessionBytes(kind: Kind): Uint8Array {
  const { stdout, stderr } = whole[kind]
  if (kind === 'tty') return Buffer.from(stdout)
  return Buffer.concat([
    encodeFrame('stdout', Buffer.from(stdout)),
    encodeFrame('stderr', Buffer.from(stderr)),
  ])
}

/**
 * Whatever went wrong, the exit code says so, and a sentence says what.
 * Returns what is wrong with that.
 */
function problemsOf(outcome: Outcome, fault: string): string[] {
  const { exitCode, message, defect = '' } = outcome
  const problems = [
    defect,
    Number.isInteger(exitCode) && exitCode > 0 && exitCode < 256 ? '' : `exit code ${exitCode}`,
    exitCode !== 3 && message.trim() === '' ? 'no message' : '',
    /undefined|\[object|NaN|TypeError|Cannot read prop|^\s+at /m.test(message) ? message : '',
  ]
  return problems.filter(Boolean).map((problem) => `${fault}: ${problem}`)
}

/** Walks the seven chapters through the relay, and looks at what is left. */
async function walkThrough(relay: Relay, kind: Kind, fault: RelayFault): Promise<Outcome> {
  relay.use(fault)
  const recorder = createRecorder()
  recorder.begin()
  const { terminal, leftOpen } = createMemoryTerminal(
    { isTerminal: kind === 'tty', size: { rows: 24, columns: 80 }, open: kind === 'tty' },
    recorder,
  )
  const scope = createScope()
  const work = async (): Promise<Pick<Outcome, 'exitCode' | 'message' | 'defect'>> => {
    const engine = await connectEngine({
      environment: { DOCKER_CONFIG: '/nonexistent', DOCKER_HOST: relay.host },
      warn: () => {},
      record: recorder,
      onNoAnswer: 'go on',
    })
    try {
      let last: Partial<Outcome> = {}
      const tty = kind === 'tty'
      const question = asked({ tty, interactive: true })
      for await (const { state } of walk(dockerExec, question, { engine, terminal, scope }))
        last = state
      return { exitCode: last.exitCode ?? 0, message: last.message ?? '' }
    } finally {
      await engine.close()
    }
  }
  const result = await withinLimit(
    work().catch((error: unknown) => {
      // Anything else would be printed with its stack.
      if (!(error instanceof Failure)) return { exitCode: 1, message: 'x', defect: String(error) }
      return { exitCode: error.exitCode, message: error.message }
    }),
  )
  expect([...leftOpen(), ...scope.live()]).toEqual([])
  expect(await openConnections(relay), 'open connections').toBe(0)
  // What was recorded is a tape that can be read again.
  recorder.note({ kind: 'over', exitCode: result.exitCode })
  const tape = recorder.tape({
    chapter: 7,
    stages: [],
    daemon: { product: '', version: '', apiVersion: '' },
  })
  const unreadable = ((): string | undefined => {
    try {
      parseTape(tapeText(tape), 'tape')
      return undefined
    } catch (error) {
      return `${error}: ${JSON.stringify(tape.events.at(-1))}`
    }
  })()
  const text = (stream: 'stdout' | 'stderr'): string =>
    bytesIn(recorder.events(), stream).toString()
  return {
    ...result,
    ...(unreadable && { defect: unreadable }),
    stdout: text('stdout'),
    stderr: text('stderr'),
  }
}

async function withinLimit<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the walk did not end in ${limit} ms`)), limit)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
