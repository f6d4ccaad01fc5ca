/**
 * A trial: a real session in which one stage is the learner's. It is watched,
 * and compared with the same session of the reference.
 *
 * @module
 */

import type { Kit } from '../course/kit.ts'
import { type AnyStage, isDone } from '../course/stage.ts'
import { walk } from '../course/walk.ts'
import { connectTo } from '../engine/engine.ts'
import { parseHost } from '../engine/parse-host.ts'
import type { Connect, ExecPlace } from '../exec/exec-place.ts'
import { type Script, startScriptedDaemon } from '../practice/scripted-practice.ts'
import type { TapeEvent } from '../tape/event.ts'
import { printState, valueText } from '../tape/state.ts'
import { asError } from './load.ts'
import type { SimulatedUser, TerminalKind } from './memory-terminal.ts'
import { createProbe, type Probe } from './probe.ts'
import { timelineText, withoutIds } from './timeline.ts'

/** The result of a trial. */
export type TrialResult = {
  readonly events: readonly TapeEvent[]
  /** The state that the stage returned, if it returned. */
  readonly passedOn?: Readonly<Record<string, unknown>>
  /** The state after the last stage that ran. */
  readonly finalState?: Readonly<Record<string, unknown>>
  /** The error that the stage, or a later one, threw. */
  readonly error?: Error
  /** An error inside a promise of the returned state. */
  readonly swallowedError?: Error
  /** True if the trial reached its time limit. */
  readonly timedOut: boolean
  /** The labels held in the scope when the stage returned. */
  readonly heldOnReturn: readonly string[]
  /** Describes what was still open after the teardown. */
  readonly leftOpen: readonly string[]
  /** The results of calls, for exercises that are plain functions. */
  readonly results: readonly Result[]
}

/**
 * One call of a learner's function as text, `readFrameHeader(01 00 …)`, and
 * its result.
 */
export type Result = {
  readonly asked: string
  readonly got: string
  /** The error it threw, if it threw. */
  readonly error?: Error
}

/** One trial of an exercise. */
export type Trial<Subject> = {
  /** The case it tries: `a pipe into cat`. */
  readonly title: string
  /** Runs the subject and returns what was seen. */
  readonly run: (subject: Subject, world: ExecPlace) => Promise<TrialResult>
  /**
   * Says what is wrong, compared with the reference; undefined if nothing is.
   */
  readonly judge: (seen: TrialResult, reference: TrialResult) => string | undefined
}

/** A session to run. */
export type TrialSession = {
  /** The course, with the learner's stage in it. */
  readonly stages: readonly AnyStage[]
  /** The number of the learner's stage. */
  readonly watched: number
  /** The initial state of the course. */
  readonly first: object
  readonly terminal?: TerminalKind
  /**
   * What the user does during the session. It waits for events, never for a
   * time.
   */
  readonly user?: (user: SimulatedUser, probe: Probe) => Promise<void>
  /**
   * A scripted daemon, for what a real one does rarely. Its container is
   * `practice`.
   */
  readonly script?: Script
  /** Changes the state before the learner's stage gets it. */
  readonly before?: (state: object) => object
  /** Runs only this many stages, then tears down. */
  readonly until?: number
}

/** Runs and watches a session. It never throws, and leaves nothing open. */
export async function watchSession(session: TrialSession, world: ExecPlace): Promise<TrialResult> {
  const daemon = session.script && (await startScriptedDaemon(session.script))
  const connect = daemon ? connectorTo(daemon.host) : world.connect
  const probe = await createProbe(connect, session.terminal ?? {})
  let passedOn: TrialResult['passedOn']
  let last: TrialResult['finalState']
  let swallowed: Error | undefined
  let held: readonly string[] = []

  const stages = session.stages.map((stage, at) => {
    if (at + 1 !== session.watched) return stage
    return {
      ...stage,
      async run(state: object, kit: Kit) {
        probe.note({ kind: 'your stage begins' })
        const returned = await stage.run(session.before?.(state) ?? state, kit)
        probe.note({ kind: 'your stage returned' })
        passedOn = returned as TrialResult['passedOn']
        watchPromises(returned, (error) => {
          swallowed ??= error
        })
        held = kit.scope.live()
        return returned
      },
    }
  })
  const course = (async (): Promise<Error | undefined> => {
    try {
      const limit = session.until === undefined ? {} : { last: session.until }
      for await (const step of walk({ stages }, session.first, probe.kit, limit)) {
        last = step.state as TrialResult['finalState']
        if (isDone(step.state)) break
      }
      return undefined
    } catch (error) {
      return asError(error)
    }
  })()
  // If the user waits for an event that never comes, the session times out:
  // ignore the error.
  void session.user?.(probe.user, probe).catch(() => {})

  const ended = await withTimeout(world.limit, course)
  // Copy the events now: after the time limit, more come from our own
  // teardown.
  const events = [...probe.events]
  // The walk has torn down already, unless it hangs in a stage.
  if (ended === timeUp) await probe.kit.scope.releaseAll().catch(() => {})
  const leftOpen = probe.leftOpen()
  await probe.close()
  daemon?.close()
  return {
    events,
    ...(passedOn && { passedOn }),
    ...(last && { finalState: last }),
    ...(ended instanceof Error && { error: ended }),
    ...(swallowed && { swallowedError: swallowed }),
    timedOut: ended === timeUp,
    heldOnReturn: held,
    leftOpen,
    results: [],
  }
}

/**
 * Looks for errors in the promises of a state: a rejection, or an `error`
 * field of the value a promise resolves with.
 */
function watchPromises(state: object, take: (error: Error) => void): void {
  for (const value of Object.values(state ?? {})) {
    if (!(value instanceof Promise)) continue
    value.then(
      (result: unknown) => {
        if (typeof result !== 'object' || result === null || !('error' in result)) return
        take(asError(result.error))
      },
      (error: unknown) => take(asError(error)),
    )
  }
}

/**
 * Connects to a scripted daemon, ignoring the learner's docker configuration.
 */
function connectorTo(host: string): Connect {
  const config = { folder: '', httpHeaders: {}, detachKeys: '', currentContext: '' }
  return (log) => connectTo(parseHost(host), config, { environment: {}, record: log })
}

const timeUp = Symbol('late')

/** Waits for a promise, with a time limit. */
async function withTimeout<T>(
  milliseconds: number,
  promise: Promise<T>,
): Promise<T | typeof timeUp> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<typeof timeUp>((resolve) => {
    timer = setTimeout(resolve, milliseconds, timeUp)
  })
  try {
    return await Promise.race([promise, tooLate])
  } finally {
    clearTimeout(timer)
  }
}

/** Makes a trial result out of calls to a plain function. */
export function resultsOnly(results: readonly Result[], error?: unknown): TrialResult {
  return {
    events: [],
    timedOut: false,
    heldOnReturn: [],
    leftOpen: [],
    results,
    ...(error !== undefined && { error: asError(error) }),
  }
}

/** Prints a trial result, to compare it with the reference's. */
export function resultText({
  events,
  passedOn,
  results,
  finalState: last,
  error,
}: TrialResult): string {
  const lines = results.map(({ asked, got }) => `${asked}\n  ${got}\n`).join('')
  if (events.length === 0) return lines
  const end = error ? `failed: ${error.message}` : `exit code ${last?.exitCode ?? 'none'}`
  return `${timelineText(events)}${passedOnText(passedOn)}${lines}result\n  ${end}\n`
}

function passedOnText(passedOn: TrialResult['passedOn']): string {
  const values = Object.entries(printState(passedOn ?? {}))
    // The container differs from run to run, and no stage chooses it.
    .filter(([name]) => name !== 'container')
    .map(([name, value]) => `  ${name}: ${withoutIds(valueText(value))}\n`)
  return `state returned by your stage\n${values.join('') || '  nothing\n'}`
}
