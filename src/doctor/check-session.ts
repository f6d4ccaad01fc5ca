/**
 * Checks a whole session: walks the course with a terminal in memory and
 * records it. Each stage becomes a finding, based on what happened on the
 * wire and at the terminal.
 *
 * The command reads a line before it prints its window size, and we type that
 * line after the resize. So it always prints the size that we set; there is
 * no race.
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

/** The course. The caller passes it in, because `src/` knows no chapter. */
export type Course = {
  readonly stages: readonly AnyStage[]
  /**
   * Returns the state to begin with: a command with input, with or without a
   * terminal.
   */
  readonly ask: (container: string, command: readonly string[], tty: boolean) => object
}

/** Where to run the session. */
export type Place = {
  readonly connect: Connect
  readonly container: string
  /** False if the daemon has no pseudo-terminals. */
  readonly tty: boolean
  /** How long each stage, and the wait for output, may take, in seconds. */
  readonly timeout?: number
}

/** The parts of the course's states that the doctor reads. */
type State = {
  readonly reply?: { readonly status: number }
  readonly ended?: Promise<unknown>
  readonly exitCode?: unknown
  readonly message?: unknown
}

/**
 * The window size before and after the resize. No real window has these sizes
 * by chance.
 */
const firstSize = { rows: 29, columns: 93 } as const
const size = { rows: 33, columns: 101 } as const

/** The exit code of the command. */
const exitCode = 42

/**
 * The words are computed, so an echo of the command never looks like its
 * output.
 */
const command = `echo begin-$((6*7)); read line; stty size 2>&1; echo end-$((6*7)); exit ${exitCode}`

/** The failure to report if a stage throws or times out. */
const failureOf: Readonly<Record<string, FailureName>> = {
  create: 'exec-refused',
  start: 'start-refused',
  hijack: 'start-refused',
  'raw mode': 'raw-mode-refused',
  'copy loops': 'output-missing',
  resize: 'resize-refused',
  'exit code': 'exit-code-wrong',
}

/** Runs a session. Returns whether it works. */
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
      const finding = await within(
        timeout,
        inspectStage(name, about, before, { probe, tty, state }),
      )
      watcher.report(finding)
      // A session works without a resize, but not without output.
      works &&= finding.status !== 'problem' || finding.failure === 'resize-refused'
    } catch (error) {
      watcher.report(failedStage(name, about, error as Error, statusOf(name, state, probe, before)))
      works = false
    }
    if (!works) break
  }
  await held.release()
  return works
}

/** A session after one of its stages. */
type Session = { readonly probe: Probe; readonly tty: boolean; readonly state: State }

/** Checks what a stage did. */
async function inspectStage(
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
      return isRaw ? ok(about, 'on') : skipped(about, 'not needed here')
    }
    case 'copy loops': {
      const begins = await outputHas('begin-42', session)
      return begins ? ok(about, 'the command’s output arrives') : outputCutOff(about, probe)
    }
    case 'resize':
      return resizeWindow(about, session)
    case 'exit code':
      return checkExitCode(about, state)
    default: {
      const status = statusOf(name, state, probe, before)
      return (status < 300 ? ok : note)(about, statusText(status))
    }
  }
}

/** Returns the finding for a stage that threw or timed out. */
function failedStage(name: string, about: string, error: Error, status: number): Finding {
  const isDropped = name === 'hijack' && status === 200
  return problem(about, error.message, {
    shared: status ? statusText(status) : 'failed',
    failure: isDropped ? 'upgrade-dropped' : (failureOf[name] ?? 'exec-refused'),
  })
}

/**
 * Resizes the window, lets the command print its size, and waits for its last
 * line.
 */
async function resizeWindow(about: string, session: Session): Promise<Finding> {
  const { probe, tty } = session
  const answers = (): number[] => statuses(probe, /\/resize/)
  const before = answers().length
  if (tty) {
    probe.user.resizeWindow(size)
    await probe.until(() => answers().length > before)
  }
  probe.user.type('go\n')
  if (!(await outputHas('end-42', session))) return outputCutOff(about, probe)
  if (!tty) return skipped(about, 'no pseudo-terminal to resize')

  const status = answers().at(-1) ?? 0
  const [, seen] = /(\d+ \d+)\s+end-42/.exec(outputOf(probe)) ?? []
  const command = seen ? `and the command saw ${seen}` : 'but the image has no stty to check it'
  const isRight = seen === undefined || seen === `${size.rows} ${size.columns}`
  const observed = `${statusText(status)}, ${command}`
  return status < 300 && isRight
    ? ok(about, observed)
    : problem(about, observed, { failure: 'resize-refused' })
}

/** Checks the exit code in the last state of the course. */
function checkExitCode(about: string, state: State): Finding {
  if (state.exitCode === exitCode) return ok(about, `${exitCode}, the command’s exit code`)
  const observed = `${state.exitCode}, but the command exited with ${exitCode}`
  return problem(about, state.message ? `${observed}: ${state.message}` : observed, {
    shared: observed,
    failure: 'exit-code-wrong',
  })
}

/**
 * Waits until the command has written `text`. Returns false if the session
 * ends first.
 */
async function outputHas(text: string, { probe, state }: Session): Promise<boolean> {
  const isHere = (): boolean => outputOf(probe).includes(text)
  await Promise.race([probe.until(isHere), state.ended])
  return isHere()
}

function outputCutOff(about: string, probe: Probe): Finding {
  const last = outputOf(probe).trim().split(/\r?\n/).at(-1) ?? ''
  const shared = 'the output ended too early'
  const observed = `${shared}, after ${JSON.stringify(last.slice(0, 200))}`
  return problem(about, observed, { shared, failure: 'output-missing' })
}

/** Returns what the command has written so far. */
function outputOf({ events }: Probe): string {
  return bytesIn(events, 'stdout').toString('latin1')
}

/** Returns the statuses of all answers to requests whose path matches. */
function statuses({ events }: Probe, path = /./, from = 0): number[] {
  return answersIn({ events: events.slice(from) }, path).map(({ status }) => status)
}

/**
 * Returns the daemon's last status in a stage. For start and hijack it is in
 * the state.
 */
function statusOf(name: string, { reply }: State, probe: Probe, from: number): number {
  const isAboutStart = name === 'start' || name === 'hijack'
  return (isAboutStart ? reply?.status : undefined) ?? statuses(probe, /./, from).at(-1) ?? 0
}
