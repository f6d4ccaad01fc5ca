/**
 * Tests the predictions: each answer is one of the choices, and both the
 * answer and its explanation come from the run.
 *
 * @module
 */

import { describe, expect, onTestFinished, test } from 'vitest'
import { chapterFolders, companions } from '../../chapters/commands/chapter-folders.ts'
import { dockerExec } from '../../chapters/index.ts'
import { createScope } from '../../src/course/scope.ts'
import type { TerminalKind } from '../../src/judging/memory-terminal.ts'
import { verdictText } from '../../src/questions/prediction.ts'
import { exchangesOf, nameOf } from '../../src/questions/reading.ts'
import { type WalkResult, walkChapter } from '../../src/run/walk-chapter.ts'
import type { EventOf, TapeEvent } from '../../src/tape/event.ts'
import { momentsOf, stagesOf } from '../../src/tape/moments.ts'
import { scenesOf } from '../../src/tape/scenes.ts'
import { withPractice } from '../practice/daemon.ts'
import { describeWithEngine, startContainer } from '../support/engine.ts'
import { asked, makeKit } from '../support/kit.ts'
import {
  answer,
  received,
  request,
  stage,
  type TimelessEvent,
  tapeOf,
} from '../support/tape-parts.ts'

const all = chapterFolders.flatMap(({ questions }) => questions)
const kinds = ['with a tty', 'without a tty'] as const
type Kind = (typeof kinds)[number]

/** How the session ends. */
type Leave = 'exit' | 'detach keys'

/**
 * Runs a shell session, at a terminal of 24 by 80 or from a pipe, and returns
 * its record.
 */
async function session(
  host: string,
  container: string,
  kind: Kind,
  { last = 7, leave = 'exit' }: { last?: number; leave?: Leave } = {},
): Promise<{ run: WalkResult; events: readonly TapeEvent[] }> {
  const tty = kind === 'with a tty'
  const terminal: TerminalKind = tty
    ? { isTerminal: true, size: { rows: 24, columns: 80 }, open: true }
    : { input: last < 7 ? 'echo hi\n' : 'echo hi\nexit 5\n' }
  const kit = await makeKit(host, terminal)
  const first = asked({ container, command: ['sh'], tty, interactive: true })
  const walked = walkChapter(
    { course: dockerExec, companions, last, first, terminal: kit.terminal },
    { engine: kit.engine, recorder: kit.recorder, container, isSandbox: false },
    createScope(),
  )
  const shows = (text: RegExp) => expect.poll(() => kit.stdout()).toMatch(text)
  if (tty && last === 4) {
    const isRead = () => kit.recorder.events().some(({ kind }) => kind === 'reads input')
    await expect.poll(() => isRead()).toBe(true)
    kit.user.type('\x03')
    kit.user.type('q')
  } else if (tty && last > 4) {
    await shows(/[#$] /)
    kit.user.type('echo hi\r')
    await shows(/hi\r\n/)
    kit.user.type('\x03')
    // An interrupted shell drops the input that it has read but not run.
    await shows(/\^C[\s\S]*[#$] /)
    kit.user.resizeWindow({ rows: 30, columns: 100 })
    if (last > 5) await expect.poll(() => resizesIn(kit.recorder.events())).toBe(2)
    kit.user.type(leave === 'exit' ? 'exit 5\r' : '\x10\x11')
  }
  const run = await walked
  const events = kit.recorder.events()
  // This terminal has no flags to read, so we set them. Another test uses a
  // real terminal.
  const modes = (on: boolean) => ({ saved: '', flags: { opost: on, echo: on, isig: on } })
  return {
    events,
    run: tty
      ? { ...run, terminal: { before: modes(true), during: modes(false), after: modes(true) } }
      : run,
  }
}

/** The number of resizes that were answered. */
function resizesIn(events: readonly TapeEvent[]): number {
  return exchangesOf(events).filter(({ request }) => nameOf(request) === resize).length
}

const questionsFor = (kind: Kind) => all.filter(({ only }) => only === undefined || only === kind)

/**
 * Expects every answer to be one of the choices, and its explanation to quote
 * the run.
 */
function expectAnswers(run: WalkResult, kind: Kind): void {
  expect(run.failure).toBeUndefined()
  for (const prediction of questionsFor(kind)) {
    const { name, choices } = prediction
    if (cases[name]?.leave === 'detach keys') continue
    const answer = prediction.answer(run)
    expect(choices, `${name} ${kind}: ${answer}`).toContain(answer)
    const why = prediction.why(run)
    const choice = answer ?? ''
    const right = verdictText({ prediction, choice, answer, right: true }, run)
    expect(right).toBe(`Right: ${answer}. ${why}`)
    const guess = { prediction, choice: 'another one', answer, right: false }
    expect(verdictText(guess, run)).toBe(
      `Not quite: you chose another one, but it is ${answer}. ${why}`,
    )
    expect(why, name).toMatch(cases[name]?.evidence ?? /never/)
    expect(why, name).not.toMatch(/undefined|NaN|\[object/)
  }
}

type Case = {
  /** What the explanation quotes from the run. */
  readonly evidence: RegExp
  /** Changes the run so that the answer changes. */
  readonly change: (run: WalkResult) => WalkResult
  /**
   * The answer after the change. Undefined if the changed run doesn't show
   * one.
   */
  readonly becomes: string | undefined
  /** The kind of run to change, if only one kind works. */
  readonly kind?: Kind
  /** How that run ends. The default is `exit`. */
  readonly leave?: Leave
}

/** Edits the events on the wire. Returning undefined removes the event. */
function rewire(edit: (event: TapeEvent) => TapeEvent | undefined): Case['change'] {
  const edited = (wire: readonly TapeEvent[]) => wire.flatMap((event) => edit(event) ?? [])
  return (run) => ({
    ...run,
    stages: run.stages.map((stage) => ({ ...stage, wire: edited(stage.wire) })),
  })
}

/** Edits a request and its answer. */
function withExchange(
  name: string,
  request: (event: EventOf<'request'>) => Partial<EventOf<'request'>>,
  answer: (event: EventOf<'answer'>) => Partial<EventOf<'answer'>> = () => ({}),
): Case['change'] {
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

/** Moves an exchange to another connection. */
const onConnection = (name: string, connection: 1 | 2): Case['change'] =>
  withExchange(
    name,
    () => ({ connection }),
    () => ({ connection }),
  )

const without = (...kinds: readonly string[]): Case['change'] =>
  rewire((event) => (kinds.includes(event.kind) ? undefined : event))

const withState = (name: string, state: object): Case['change'] => {
  return (run) => ({
    ...run,
    stages: run.stages.map((stage) =>
      stage.name === name ? { ...stage, state: { ...stage.state, ...state } } : stage,
    ),
  })
}

/** Replaces the wire of one stage with that of another. */
const withWireOf = (name: string, other: string): Case['change'] => {
  return (run) => ({
    ...run,
    stages: run.stages.map((stage) =>
      stage.name === name
        ? { ...stage, wire: run.stages.find((found) => found.name === other)?.wire ?? [] }
        : stage,
    ),
  })
}

const withFlags = (flags: Record<string, boolean>): Case['change'] => {
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
    change: withExchange('GET /containers/…/json', () => ({ path: '/exec/x/json' })),
    becomes: undefined,
  },
  'create-status': {
    evidence: /"Id":"[0-9a-f]{12}…/,
    change: withAnswer(create, () => ({ status: 200 })),
    becomes: '200 OK',
  },
  'runs-yet': {
    evidence: /GET .*json and POST .*exec\./,
    change: (run) => ({
      ...run,
      stages: run.stages.map((stage, at) =>
        at === 0 ? { ...stage, wire: run.stages.flatMap(({ wire }) => wire) } : stage,
      ),
    }),
    becomes: 'one, the command',
  },
  'start-connection': {
    evidence: /connection 1.*connection 2/,
    change: onConnection(start, 1),
    becomes: 'connection 1 again',
  },
  'start-status': {
    evidence: /101 [A-Z].*connection 2/,
    change: withAnswer(start, () => ({ status: 200 })),
    becomes: '200 OK',
  },
  'after-blank-line': {
    evidence: /application\/vnd\.docker\.\w+-stream/,
    change: withAnswer(start, () => ({ status: 200 })),
    becomes: undefined,
  },
  'hijack-requests': {
    evidence: /its 101/,
    change: withWireOf('hijack', 'create'),
    becomes: 'two',
  },
  framing: {
    evidence: /"Tty":(true|false).*-stream/,
    change: withState('hijack', { framing: 'raw' }),
    becomes: 'mixed, as plain bytes',
    kind: 'without a tty',
  },
  'two-requests': {
    evidence: /with 201 and the ID [0-9a-f]{12}….* After the 101 /,
    change: withAnswer(start, () => ({ status: 200 })),
    becomes: undefined,
  },
  'which-terminal': {
    evidence: /from echo and isig to -echo and -isig/,
    change: withFlags({ echo: true, isig: true }),
    becomes: undefined,
  },
  'raw-request': {
    evidence: /sent 0 requests/,
    change: withWireOf('raw mode', 'start'),
    becomes: 'a request on connection 1',
  },
  'ctrl-c': {
    evidence: /had -isig and passed 03 on/,
    change: (run) => ({ ...run, keys: [Uint8Array.of(0x61)] }),
    becomes: undefined,
  },
  'who-echoes': {
    evidence: /"echo" went out as 65 63 68 6f and came back.*-echo/,
    change: withFlags({ echo: true }),
    becomes: 'both of them',
  },
  'detach-keys': {
    evidence: /that pair isn’t among the \d+ bytes/,
    change: (run) => ({ ...run, keys: [Uint8Array.of(0x10, 0x11, 0x0d)] }),
    becomes: undefined,
    leave: 'detach keys',
  },
  'frame-header': {
    evidence: /01 00 00 00 00 00 00 03: 01 is stdout.*3 bytes/,
    change: withState('copy loops', { framing: 'raw' }),
    becomes: undefined,
  },
  'half-close': {
    evidence: /sent 15 bytes/,
    change: without('half-close'),
    becomes: undefined,
  },
  'end-sign': {
    evidence: /sent \d+ bytes/,
    change: without('end'),
    becomes: undefined,
  },
  'resize-connection': {
    evidence: /resize\?h=24&w=80 is on connection 1/,
    change: onConnection(resize, 2),
    becomes: 'between the keys on connection 2',
  },
  'size-setter': {
    evidence: /our resize with 20[01]/,
    change: withAnswer(resize, () => ({ status: 409 })),
    becomes: undefined,
  },
  'window-changes': {
    evidence: /h=24&w=80, then h=30&w=100\./,
    change: withExchange(resize, () => ({ path: '/exec/x/resize?h=24&w=80' })),
    becomes: undefined,
  },
  'code-request': {
    evidence: /"Running":false and "ExitCode":5/,
    change: withExchange(inspect, () => ({ method: 'POST', path: '/exec/x/wait' })),
    becomes: undefined,
  },
  'code-connection': {
    evidence: /connection 2.*connection 1/,
    change: onConnection(inspect, 2),
    becomes: undefined,
  },
  'request-count': {
    evidence: /GET .*POST .*GET /,
    change: without('half-close', 'end', 'answer'),
    becomes: undefined,
  },
}

/** A run of a single stage with these events. */
function runOf(number: number, happened: readonly TimelessEvent[]): WalkResult {
  const { events } = tapeOf(stage(number, {}, {}, happened))
  return { stages: stagesOf(events), exitCode: null, unfinished: [] }
}

describe('the explanation of an unusual run', () => {
  const why = (name: string, run: WalkResult): string =>
    all.find((question) => question.name === name)?.why(run) ?? ''

  test('counts the bytes that the recorder did not keep', () => {
    const long = { kind: 'received' as const, length: 2288911, hex: '310d0a' }
    expect(why('end-sign', runOf(5, [long, { kind: 'end' }]))).toContain('2288911 bytes')
  })

  test('names no stream for a header with the number 7', () => {
    const header = received(Buffer.of(7, 0, 0, 0, 0, 0, 0, 2, 0x61, 0x0a))
    const text = why('frame-header', runOf(5, [header]))
    expect(text).toContain('01 would be stdout, and 02 stderr')
  })

  test('does not claim an exit code while the command runs', () => {
    const note = '{"Running":true,"ExitCode":null}'
    const asking = [request(1, 'GET', '/exec/abc/json'), answer(1, 200, 'OK', note)]
    expect(why('code-request', runOf(7, asking))).toContain('not added it yet')
  })
})

describe('predictions', () => {
  test('are at most three per chapter and kind of session, and at least one with a tty', () => {
    expect(chapterFolders).toHaveLength(dockerExec.stages.length)
    for (const [at, asked] of chapterFolders.map(({ questions }) => questions).entries()) {
      for (const kind of kinds) {
        const suitable = asked.filter(({ only = kind }) => only === kind)
        expect(suitable.length, `chapter ${at + 1} ${kind}`).toBeLessThanOrEqual(3)
        if (kind === 'with a tty') expect(suitable.length, `chapter ${at + 1}`).toBeGreaterThan(0)
      }
    }
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    expect(Object.keys(cases).sort()).toEqual(all.map(({ name }) => name).sort())
  })

  test('have distinct choices that do not start with a number', () => {
    for (const { name, choices } of all) {
      expect(new Set(choices).size, name).toBe(choices.length)
      for (const choice of choices) expect(choice, name).not.toMatch(/^[1-9]( |$)/)
    }
  })

  test('have no answer in an empty run', () => {
    const run: WalkResult = { stages: [], exitCode: null, unfinished: [] }
    for (const prediction of all) {
      expect(prediction.answer(run), prediction.name).toBeUndefined()
      const guess = { prediction, choice: prediction.choices[0] ?? '' }
      const text = verdictText({ ...guess, answer: undefined, right: false }, run)
      expect(text).toBe('This run does not answer it.')
    }
  })

  test.each(kinds)('are answered by a run on the practice daemon %s', async (kind) => {
    await withPractice([], async ({ host }) => {
      expectAnswers((await session(host, 'practice', kind)).run, kind)
    })
  })

  test.each(kinds)('have their scene in the run of their chapter %s', async (kind) => {
    await withPractice([], async ({ host }) => {
      for (const [at, { questions }] of chapterFolders.entries()) {
        const { run, events } = await session(host, 'practice', kind, { last: at + 1 })
        const scenes = scenesOf(momentsOf(events), at + 1).map(({ name }) => name)
        // The keys of chapter 4 are not on the tape, because none is sent.
        const shown = at + 1 === 4 ? [...scenes, 'keys'] : scenes
        for (const { name, scene, answer, only = kind } of questions) {
          if (only === kind && answer(run) !== undefined) expect(shown, name).toContain(scene)
        }
      }
    })
  })

  test.each(kinds)('are not answered by the story of their chapter %s', async (kind) => {
    await withPractice([], async ({ host }) => {
      const { run } = await session(host, 'practice', kind)
      for (const { questions, lesson } of chapterFolders) {
        for (const { name, answer } of questions) {
          expect(lesson.story, name).not.toContain(answer(run) ?? 'no answer')
        }
      }
    })
  })
})

describeWithEngine('predictions on an engine', ({ host }) => {
  const runs = new Map<string, Promise<WalkResult>>()
  const runOf = (kind: Kind, leave: Leave = 'exit'): Promise<WalkResult> => {
    const made = runs.get(kind + leave) ?? realSession(kind, leave)
    runs.set(kind + leave, made)
    return made
  }

  async function realSession(kind: Kind, leave: Leave): Promise<WalkResult> {
    const box = await startContainer()
    onTestFinished(box.release)
    return (await session(host, box.name, kind, { leave })).run
  }

  test.each(kinds)('are answered and explained by the run %s', async (kind) => {
    expectAnswers(await runOf(kind), kind)
  })

  test('say that the detach keys were not sent', async () => {
    const run = await runOf('with a tty', 'detach keys')
    const found = all.find(({ name }) => name === 'detach-keys')
    expect(found?.answer(run)).toBe('neither key')
    expect(found?.why(run)).toMatch(cases['detach-keys']?.evidence ?? /never/)
  })

  test.each(all.map(({ name }) => name))('%s has another answer in a changed run', async (name) => {
    const prediction = all.find((found) => found.name === name)
    const { kind, leave, change, becomes } = cases[name] as Case
    const run = await runOf(kind ?? prediction?.only ?? 'with a tty', leave)
    const changed = prediction?.answer(change(run))
    expect(changed).toBe(becomes)
    expect(changed).not.toBe(prediction?.answer(run))
  })
})
