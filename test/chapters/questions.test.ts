/**
 * The predictions: each answer is among its choices, is read off the run, and is explained from it.
 *
 * @module
 */

import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { companions, rooms } from '../../chapters/commands/rooms.ts'
import { dockerExec } from '../../chapters/index.ts'
import { createScope } from '../../src/course/scope.ts'
import type { TerminalKind } from '../../src/judging/memory-terminal.ts'
import { verdictText } from '../../src/questions/prediction.ts'
import { nameOf } from '../../src/questions/reading.ts'
import { type WalkResult, walkChapter } from '../../src/run/walk-chapter.ts'
import type { EventOf, TapeEvent } from '../../src/tape/event.ts'
import { withPractice } from '../practice/daemon.ts'
import { describeWithEngine, startContainer } from '../support/engine.ts'
import { asked, makeKit } from '../support/kit.ts'

const all = rooms.flatMap(({ questions }) => questions)
const kinds = ['with a tty', 'without a tty'] as const
type Kind = (typeof kinds)[number]

/** A whole session of a shell: typed at a terminal of 24 by 80, or from a pipe. */
async function session(host: string, container: string, kind: Kind): Promise<WalkResult> {
  const tty = kind === 'with a tty'
  const terminal: TerminalKind = tty
    ? { isTerminal: true, size: { rows: 24, columns: 80 }, open: true }
    : { input: 'echo hi\nexit 5\n' }
  const kit = await makeKit(host, terminal)
  const first = asked({ container, command: ['sh'], tty, interactive: true })
  const walked = walkChapter(
    { course: dockerExec, companions, last: 7, first, terminal: kit.terminal },
    { engine: kit.engine, recorder: kit.recorder, container, isSandbox: false },
    createScope(),
  )
  if (tty) {
    const shows = (text: RegExp) => vi.waitFor(() => expect(kit.stdout()).toMatch(text), 20_000)
    await shows(/[#$] /)
    kit.person.type('echo hi\r')
    await shows(/hi\r\n/)
    for (const key of ['\x1b[A', '\x03']) kit.person.type(key)
    // A shell that is interrupted forgets what it has read but not yet run.
    await shows(/\^C[\s\S]*[#$] /)
    kit.person.type('exit 5\r')
  }
  const run = await walked
  // Here is no terminal whose flags could be read; what they show is tested in a real one.
  const modes = (on: boolean) => ({ saved: '', flags: { opost: on, echo: on, isig: on } })
  return tty
    ? { ...run, terminal: { before: modes(true), during: modes(false), after: modes(true) } }
    : run
}

const suits = (kind: Kind) => all.filter(({ only }) => only === undefined || only === kind)

/** Every answer is one of the choices, and its explanation has something in it that the run has. */
function expectAnswers(run: WalkResult, kind: Kind): void {
  expect(run.failure).toBeUndefined()
  for (const prediction of suits(kind)) {
    const { name, choices } = prediction
    const answer = prediction.answer(run)
    expect(choices, `${name} ${kind}: ${answer}`).toContain(answer)
    const right = verdictText({ prediction, choice: answer ?? '', answer, right: true }, run)
    expect(right).toContain(`Yes: ${answer}.`)
    expect(prediction.why(run), name).toMatch(cases[name]?.evidence ?? /never/)
    expect(prediction.why(run), name).not.toMatch(/undefined|NaN|\[object/)
  }
}

type Case = {
  /** What the explanation quotes. */
  readonly evidence: RegExp
  /** A run that was otherwise. */
  readonly otherwise: (run: WalkResult) => WalkResult
  /** What the answer is then. Undefined where that run does not tell. */
  readonly becomes: string | undefined
  /** The run that is changed, where it has to be of one kind. */
  readonly kind?: Kind
}

/** The same run with another wire. What the edit returns nothing for is not on it. */
function rewire(edit: (event: TapeEvent) => TapeEvent | undefined): Case['otherwise'] {
  const edited = (wire: readonly TapeEvent[]) => wire.flatMap((event) => edit(event) ?? [])
  return (run) => ({
    ...run,
    stages: run.stages.map((stage) => ({ ...stage, wire: edited(stage.wire) })),
  })
}

/** The same run with another request of this name, or another answer to it. */
function withExchange(
  name: string,
  request: (event: EventOf<'request'>) => Partial<EventOf<'request'>>,
  answer: (event: EventOf<'answer'>) => Partial<EventOf<'answer'>> = () => ({}),
): Case['otherwise'] {
  let within = false
  return rewire((event) => {
    if (event.kind === 'request') {
      within = nameOf(event) === name
      return within ? { ...event, ...request(event) } : event
    }
    return event.kind === 'answer' && within ? { ...event, ...answer(event) } : event
  })
}

const withAnswer = (
  name: string,
  answer: (event: EventOf<'answer'>) => Partial<EventOf<'answer'>>,
) => withExchange(name, () => ({}), answer)

/** The same run in which this exchange went over another connection. */
const onConnection = (name: string, connection: 1 | 2): Case['otherwise'] =>
  withExchange(
    name,
    () => ({ connection }),
    () => ({ connection }),
  )

const without = (...kinds: readonly string[]): Case['otherwise'] =>
  rewire((event) => (kinds.includes(event.kind) ? undefined : event))

const withState = (name: string, state: object): Case['otherwise'] => {
  return (run) => ({
    ...run,
    stages: run.stages.map((stage) =>
      stage.name === name ? { ...stage, state: { ...stage.state, ...state } } : stage,
    ),
  })
}

/** The same run in which the daemon sent other bytes. */
const withOutput = (hex: string): Case['otherwise'] => {
  let sent = false
  return rewire((event) => {
    if (event.kind !== 'received') return event
    if (sent) return undefined
    sent = true
    const digits = hex.replaceAll(' ', '')
    return { ...event, hex: digits, length: digits.length / 2 }
  })
}

/** The same run in which the exchanges of one stage were those of another one too. */
const withWireOf = (name: string, other: string): Case['otherwise'] => {
  return (run) => ({
    ...run,
    stages: run.stages.map((stage) =>
      stage.name === name
        ? { ...stage, wire: run.stages.find((found) => found.name === other)?.wire ?? [] }
        : stage,
    ),
  })
}

const withFlags = (flags: Record<string, boolean>): Case['otherwise'] => {
  return ({ terminal, ...run }) => ({
    ...run,
    ...(terminal && { terminal: { ...terminal, during: { saved: '', flags } } }),
  })
}

const create = 'POST /containers/…/exec'
const start = 'POST /exec/…/start'
const resize = 'POST /exec/…/resize'
const inspect = 'GET /exec/…/json'

const cases: Readonly<Record<string, Case>> = {
  'first-request': {
    evidence: /GET \/v1\.\d+\/containers\/.+\/json.*200/,
    otherwise: withExchange('GET /containers/…/json', () => ({ path: '/exec/x/json' })),
    becomes: undefined,
  },
  'create-status': {
    evidence: /201 Created/,
    otherwise: withAnswer(create, () => ({ status: 200 })),
    becomes: '200 OK',
  },
  'exec-id': {
    evidence: /[0-9a-f]{12}….*64 characters/,
    otherwise: withAnswer(create, () => ({ body: '{"Id":"fc9c11ae6ac4"}' })),
    becomes: '12 hexadecimal digits',
  },
  'runs-yet': {
    evidence: /GET .*POST .*201 gave [0-9a-f]{12}/,
    otherwise: (run) => ({
      ...run,
      stages: run.stages.map((stage, at) =>
        at === 0 ? { ...stage, wire: run.stages.flatMap(({ wire }) => wire) } : stage,
      ),
    }),
    becomes: 'yes, it runs and waits for us',
  },
  'start-status': {
    evidence: /101 [A-Z]/,
    otherwise: withAnswer(start, () => ({ status: 200 })),
    becomes: '200 OK',
  },
  'start-upgrade': {
    evidence: /"Upgrade: tcp".*the 101.*"Detach":false/,
    otherwise: withExchange(start, () => ({ headers: [] })),
    becomes: 'not at all',
  },
  'start-connection': {
    evidence: /connection 1.*connection 2/,
    otherwise: onConnection(start, 1),
    becomes: 'the same one',
  },
  'start-content-type': {
    evidence:
      /Content-Type: application\/vnd\.docker\.\w+-stream" \(API 1\.\d+, "Tty":(true|false)/,
    otherwise: withAnswer(start, () => ({ headers: [['Content-Type', 'text/plain']] })),
    becomes: 'text/plain',
  },
  'hijack-requests': {
    evidence: /101 [A-Z]/,
    otherwise: withWireOf('hijack', 'create'),
    becomes: 'two',
  },
  'open-connections': {
    evidence: /connection 1.*connection 2.*101/,
    otherwise: rewire((event) => ('connection' in event ? { ...event, connection: 2 } : event)),
    becomes: 'one connection',
  },
  framing: {
    evidence: /"Tty":(true|false).*framing "(raw|stdcopy)".*-stream/,
    otherwise: withState('hijack', { framing: 'raw' }),
    becomes: 'as it is',
    kind: 'without a tty',
  },
  'early-bytes': {
    evidence: /early: <\d+ bytes/,
    otherwise: withState('hijack', { early: undefined }),
    becomes: undefined,
  },
  'raw-request': {
    evidence: /rawMode: (null|<raw mode: \w+)/,
    otherwise: withWireOf('raw mode', 'start'),
    becomes: start,
  },
  'raw-wanted': {
    evidence: /rawMode: null, with tty false and interactive true/,
    otherwise: withState('raw mode', { rawMode: '<raw mode: live>' }),
    becomes: 'yes, every session needs it',
  },
  'raw-state': {
    evidence: /rawMode: null/,
    otherwise: withState('raw mode', { rawMode: false }),
    becomes: 'the name rawMode, with false',
  },
  'to-give-back': {
    evidence: /stands: connection, wire(, raw mode)?\./,
    otherwise: (run) => ({
      ...run,
      stages: run.stages.map((stage) => ({ ...stage, held: stage.held.slice(0, 1) })),
    }),
    becomes: 'the connection',
  },
  opost: {
    evidence: /opost before and -opost while raw/,
    otherwise: withFlags({ opost: true }),
    becomes: 'no, output stays as it was',
  },
  'ctrl-c': {
    evidence: /came as 03\./,
    otherwise: (run) => ({ ...run, keys: [Uint8Array.of(0x61)] }),
    becomes: undefined,
  },
  'arrow-up': {
    evidence: /came as 1b 5b 41:/,
    otherwise: (run) => ({ ...run, keys: [] }),
    becomes: undefined,
  },
  'header-length': {
    evidence: /first bytes are ([0-9a-f]{2} ){7}/,
    otherwise: withState('hijack', { framing: 'raw' }),
    becomes: 'none',
    kind: 'without a tty',
  },
  'first-byte': {
    evidence: /began with 01 00 00 00/,
    otherwise: withOutput('02 000000 00000003 6e6f0a'),
    becomes: '02',
  },
  'line-end': {
    evidence: /wire has .*0a\./,
    otherwise: withOutput('01 000000 00000004 68690d0a'),
    becomes: '0d 0a',
    kind: 'without a tty',
  },
  'first-end': {
    evidence: /half-close|no more/,
    otherwise: without('half-close'),
    becomes: 'the daemon’s',
    kind: 'without a tty',
  },
  'who-echoes': {
    evidence: /"echo" went out as 65 63 68 6f and came back.*-echo/,
    otherwise: withFlags({ echo: true }),
    becomes: 'both, so each letter shows twice',
  },
  'first-size': {
    evidence: /ConsoleSize.*resize\?h=24&w=80|No size is in .*\/start/,
    // From API 1.42 on the size is in three requests, before that in one.
    otherwise: rewire((event) =>
      event.kind === 'request' ? { ...event, path: '/exec/x/json', body: '{}' } : event,
    ),
    becomes: 'nowhere',
    kind: 'with a tty',
  },
  'resize-moment': {
    evidence: /start.*\/resize.*101.*20[01]/,
    otherwise: withExchange(start, () => ({ method: 'POST', path: '/exec/x/json' })),
    becomes: undefined,
  },
  'resize-connection': {
    evidence: /resize\?h=24&w=80 is on connection 1.*connection 2|no resize in .*"Tty" is false/,
    otherwise: onConnection(resize, 2),
    becomes: 'the second, among the keys',
    kind: 'with a tty',
  },
  'resize-form': {
    evidence: /resize\?h=24&w=80/,
    otherwise: withExchange(resize, () => ({ path: '/exec/x/resize', body: '{"h":24}' })),
    becomes: 'by JSON in its body',
  },
  'follows-window': {
    evidence: /resizes: (null and size: null|<window size: )/,
    otherwise: withState('resize', { resizes: null }),
    becomes: 'nothing: nobody listens',
    kind: 'with a tty',
  },
  'code-request': {
    evidence: /"Running":false, "ExitCode":5/,
    otherwise: withExchange(inspect, () => ({ method: 'POST', path: '/exec/x/wait' })),
    becomes: 'by POST /exec/…/wait',
  },
  'code-connection': {
    evidence: /connection 1.*connection 2.*101/,
    otherwise: onConnection(inspect, 2),
    becomes: 'that of the session',
  },
  'code-moment': {
    evidence: /behind it, .*"ExitCode":5/,
    otherwise: without('end'),
    becomes: undefined,
  },
  'request-count': {
    evidence: /GET .*POST .*GET /,
    otherwise: withExchange(
      inspect,
      () => ({}),
      () => ({ body: '{}' }),
    ),
    becomes: undefined,
  },
}

describe('predictions', () => {
  test('each chapter asks at least three, with a tty and without, and no two have the same name', () => {
    expect(rooms).toHaveLength(dockerExec.stages.length)
    for (const [at, asked] of rooms.map(({ questions }) => questions).entries()) {
      for (const kind of kinds) {
        const suit = asked.filter(({ only = kind }) => only === kind)
        expect(suit.length, `chapter ${at + 1} ${kind}`).toBeGreaterThanOrEqual(3)
      }
    }
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    expect(Object.keys(cases).sort()).toEqual(all.map(({ name }) => name).sort())
  })

  test('choices can be named on a command line: they differ, and none is a number of its own', () => {
    for (const { name, choices } of all) {
      expect(new Set(choices).size, name).toBe(choices.length)
      for (const choice of choices) expect(choice, name).not.toMatch(/^[1-9]( |$)/)
    }
  })

  test('a run that ended before it began tells nothing', () => {
    const run: WalkResult = { stages: [], exitCode: null, unfinished: [] }
    for (const prediction of all) {
      expect(prediction.answer(run), prediction.name).toBeUndefined()
      const guess = { prediction, choice: prediction.choices[0] ?? '' }
      const text = verdictText({ ...guess, answer: undefined, right: false }, run)
      expect(text).toContain('This run does not tell. ')
    }
  })

  test.each(kinds)('on the practice daemon, %s, are answered by the run', async (kind) => {
    await withPractice([], async ({ host }) => {
      expectAnswers(await session(host, 'practice', kind), kind)
    })
  })
})

describeWithEngine('predictions on an engine', ({ host }) => {
  const runs = new Map<Kind, Promise<WalkResult>>()
  const runOf = (kind: Kind): Promise<WalkResult> => {
    const made = runs.get(kind) ?? realSession(kind)
    runs.set(kind, made)
    return made
  }

  async function realSession(kind: Kind): Promise<WalkResult> {
    const box = await startContainer()
    onTestFinished(box.remove)
    return session(host, box.name, kind)
  }

  test.each(kinds)('%s, are answered by the run and explained from it', async (kind) => {
    expectAnswers(await runOf(kind), kind)
  })

  test.each(all.map(({ name }) => name))(
    '%s is read off the run: another one answers otherwise',
    async (name) => {
      const prediction = all.find((found) => found.name === name)
      const { kind, otherwise, becomes } = cases[name] as Case
      const run = await runOf(kind ?? prediction?.only ?? 'with a tty')
      const changed = prediction?.answer(otherwise(run))
      expect(changed).toBe(becomes)
      expect(changed).not.toBe(prediction?.answer(run))
    },
  )
})
