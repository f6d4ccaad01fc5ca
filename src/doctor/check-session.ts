/**
 * A whole session: the course itself, walked on a watched kit with a terminal in memory. Each stage
 * is a finding, read off what happened on the wire and at the terminal.
 *
 * The command asks for the size of its window only after it has read a line, and we type the line
 * after the resize. So the size that it prints is the one that we set, and not a race.
 *
 * @module
 */

import type { Scope } from '../course/scope.ts'
import type { AnyStage } from '../course/stage.ts'
import { walk } from '../course/walk.ts'
import { statusText } from '../engine/answer.ts'
import type { Connect } from '../exec/exec-place.ts'
import { createProbe, type Probe } from '../judging/probe.ts'
import { answersIn, modeIndexOf } from '../judging/recorded-events.ts'
import { bytesIn } from '../tape/event.ts'
import type { FailureName } from './failures.ts'
import {
  attempt,
  type DoctorObserver,
  type Finding,
  note,
  ok,
  problem,
  skipped,
  within,
} from './finding.ts'

/** The course, which comes from outside: nothing in `src/` knows a chapter. */
export type Course = {
  readonly stages: readonly AnyStage[]
  /** The state with which it begins: a command with our input, in a terminal or not. */
  readonly ask: (container: string, command: readonly string[], tty: boolean) => object
}

/** Where a session is tried. */
export type Place = {
  readonly connect: Connect
  readonly container: string
  /** False if the daemon has no pseudo-terminals. */
  readonly tty: boolean
  /** How long each stage, and the output, may take, in seconds. */
  readonly timeout?: number
}

/** The states of the course, as far as the doctor reads them. */
type State = {
  readonly reply?: { readonly status: number }
  readonly ended?: Promise<unknown>
  readonly exitCode?: unknown
  readonly message?: unknown
}

/** The window at first, and then: no window has these sizes by chance. */
const firstSize = { rows: 29, columns: 93 } as const
const size = { rows: 33, columns: 101 } as const

/** What the command ends with. */
const exitCode = 42

/** The words are computed, so that an echo of the command never looks like its output. */
const command = `echo begin-$((6*7)); read line; stty size 2>&1; echo end-$((6*7)); exit ${exitCode}`

/** The failure that it is if a stage throws or does not end. */
const failureOf: Readonly<Record<string, FailureName>> = {
  create: 'exec-refused',
  start: 'start-refused',
  hijack: 'start-refused',
  'raw mode': 'raw-mode-refused',
  'copy loops': 'output-missing',
  resize: 'resize-refused',
  'exit code': 'exit-code-wrong',
}

/** Tries one. Returns whether a session works. */
export async function examineSession(
  { connect, container, tty, timeout = 30 }: Place,
  { stages, ask }: Course,
  scope: Scope,
  watcher: DoctorObserver,
): Promise<boolean> {
  const probe = await attempt(
    watcher,
    timeout,
    () => createProbe(connect, { isTerminal: tty, size: firstSize, open: true }),
    ({ message }) =>
      problem('session', message, { shared: 'no connection', failure: 'connection-broken' }),
    (late) => void late.close(),
  )
  if (!probe) return false
  const held = scope.hold('session', probe, async () => {
    await probe.kit.scope.releaseAll()
    await probe.close()
  })
  const steps = walk({ stages }, ask(container, ['sh', '-c', command], tty), probe.kit)
  let state: State = {}
  let works = true
  for (const [at, { name }] of stages.entries()) {
    const about = `${at + 1} ${name}`
    const before = probe.events.length
    watcher.trying(about)
    try {
      const { value: step } = await within(timeout, steps.next())
      state = step?.state ?? {}
      const finding = await within(timeout, inspect(name, about, before, { probe, tty, state }))
      watcher.report(finding)
      // A session works without its size, but not without its output.
      works &&= finding.status !== 'problem' || finding.failure === 'resize-refused'
    } catch (error) {
      watcher.report(broken(name, about, error as Error, statusOf(name, state, probe, before)))
      works = false
    }
    if (!works) break
  }
  await held.release()
  return works
}

/** A session after one of its stages. */
type Session = { readonly probe: Probe; readonly tty: boolean; readonly state: State }

/** Looks at what a stage did. */
async function inspect(
  name: string,
  about: string,
  before: number,
  session: Session,
): Promise<Finding> {
  const { probe, state } = session
  switch (name) {
    case 'hijack':
      return ok(about, 'the connection is ours')
    case 'raw mode': {
      const isRaw = modeIndexOf(probe, 'raw') >= 0
      return isRaw ? ok(about, 'on') : skipped(about, 'not wanted here')
    }
    case 'copy loops': {
      const begins = await outputHas('begin-42', session)
      return begins ? ok(about, 'the output of the command arrives') : cutOff(about, probe)
    }
    case 'resize':
      return changeSize(about, session)
    case 'exit code':
      return judgeEnd(about, state)
    default: {
      const status = statusOf(name, state, probe, before)
      return (status < 300 ? ok : note)(about, statusText(status))
    }
  }
}

/** The finding of a stage that threw, or did not end in time. */
function broken(name: string, about: string, error: Error, status: number): Finding {
  const isDropped = name === 'hijack' && status === 200
  return problem(about, error.message, {
    shared: status ? statusText(status) : 'it failed',
    failure: isDropped ? 'upgrade-dropped' : (failureOf[name] ?? 'exec-refused'),
  })
}

/** Gives the window another size, lets the command look at it, and waits for its last line. */
async function changeSize(about: string, session: Session): Promise<Finding> {
  const { probe, tty } = session
  const answers = (): number[] => statuses(probe, /\/resize/)
  const before = answers().length
  if (tty) {
    probe.user.resizeWindow(size)
    await probe.until(() => answers().length > before)
  }
  probe.user.type('go\n')
  if (!(await outputHas('end-42', session))) return cutOff(about, probe)
  if (!tty) return skipped(about, 'there is no pseudo-terminal to resize')

  const status = answers().at(-1) ?? 0
  const [, seen] = /(\d+ \d+)\s+end-42/.exec(outputOf(probe)) ?? []
  const command = seen ? `and the command saw ${seen}` : 'the image has no stty to see it with'
  const isRight = seen === undefined || seen === `${size.rows} ${size.columns}`
  const saw = `${statusText(status)}, ${command}`
  return status < 300 && isRight
    ? ok(about, saw)
    : problem(about, saw, { failure: 'resize-refused' })
}

/** Looks at the last state of the course. */
function judgeEnd(about: string, state: State): Finding {
  if (state.exitCode === exitCode) return ok(about, `${exitCode}, as the command ended`)
  const saw = `${state.exitCode}, but the command ended with ${exitCode}`
  return problem(about, state.message ? `${saw}: ${state.message}` : saw, {
    shared: saw,
    failure: 'exit-code-wrong',
  })
}

/** Waits until the command has written this. Returns false if the session ends without it. */
async function outputHas(wanted: string, { probe, state }: Session): Promise<boolean> {
  const isHere = (): boolean => outputOf(probe).includes(wanted)
  await Promise.race([probe.until(isHere), state.ended])
  return isHere()
}

function cutOff(about: string, probe: Probe): Finding {
  const last = outputOf(probe).trim().split(/\r?\n/).at(-1) ?? ''
  const shared = 'the output ended too early'
  const saw = `${shared}, after ${JSON.stringify(last.slice(0, 200))}`
  return problem(about, saw, { shared, failure: 'output-missing' })
}

/** What the command has written so far. */
function outputOf({ events }: Probe): string {
  return bytesIn(events, 'stdout').toString('latin1')
}

/** The statuses of all answers to requests with this in their path. */
function statuses({ events }: Probe, path = /./, from = 0): number[] {
  return answersIn({ events: events.slice(from) }, path).map(({ status }) => status)
}

/** The daemon's last answer to a stage. The start has its own in the state, and the hijack reads it. */
function statusOf(name: string, { reply }: State, probe: Probe, from: number): number {
  const isAboutStart = name === 'start' || name === 'hijack'
  return (isAboutStart ? reply?.status : undefined) ?? statuses(probe, /./, from).at(-1) ?? 0
}
