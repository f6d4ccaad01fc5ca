/**
 * What a trial is: a session in which one part is the learner's, run for real, watched, and
 * compared with the same session of the reference.
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

/** What came of a trial. */
export type TrialResult = {
  readonly events: readonly TapeEvent[]
  /** What the stage passed on, if it came to that. */
  readonly passedOn?: Readonly<Record<string, unknown>>
  /** What the whole course came to. */
  readonly finalState?: Readonly<Record<string, unknown>>
  /** What the stage, or the course behind it, threw. */
  readonly error?: Error
  /** What was thrown behind the stage's back, and became a value of what it passed on. */
  readonly swallowedError?: Error
  /** True when the time limit ended it. */
  readonly timedOut: boolean
  /** What was held when the stage had returned. */
  readonly heldOnReturn: readonly string[]
  /** What was still open when everything had been given back, in words. */
  readonly leftOpen: readonly string[]
  /** Results that are no events, for exercises that are no stages. */
  readonly results: readonly Result[]
}

/** One call of a learner's function, as text: `readFrameHeader(01 00 …)` and what came of it. */
export type Result = {
  readonly asked: string
  readonly got: string
  /** What was thrown instead. */
  readonly error?: Error
}

/** One trial of an exercise. */
export type Trial<Subject> = {
  /** What is tried: `a pipe into cat`. */
  readonly title: string
  /** Puts the subject to it, and tells what was seen. */
  readonly run: (subject: Subject, world: ExecPlace) => Promise<TrialResult>
  /** Says what is wrong, or nothing. The reference's own session stands beside it. */
  readonly judge: (seen: TrialResult, reference: TrialResult) => string | undefined
}

/** A session to run. */
export type TrialSession = {
  /** The course, with the learner's stage in it. */
  readonly stages: readonly AnyStage[]
  /** The number of the stage that is on trial. */
  readonly watched: number
  /** The state that the course begins with. */
  readonly first: object
  readonly terminal?: TerminalKind
  /** What the person does meanwhile. It waits for what it sees, never for a time. */
  readonly user?: (person: SimulatedUser, probe: Probe) => Promise<void>
  /** A daemon that does on purpose what a real one does seldom. Its container is `practice`. */
  readonly script?: Script
  /** Changes the state before the stage on trial sees it. */
  readonly before?: (state: object) => object
  /** Runs this many stages only, and then stops as a walk does. */
  readonly until?: number
}

/** Runs a session and watches it. It never throws, and leaves nothing open. */
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
        const out = await stage.run(session.before?.(state) ?? state, kit)
        probe.note({ kind: 'your stage returned' })
        passedOn = out as TrialResult['passedOn']
        watchPromises(out, (error) => {
          swallowed ??= error
        })
        held = kit.scope.live()
        return out
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
  // A person who waits for what never comes is no error of its own: the session gets stuck.
  void session.user?.(probe.user, probe).catch(() => {})

  const ended = await withTimeout(world.limit, course)
  // What comes behind the limit is our own clearing up, and nothing that the stages did.
  const events = [...probe.events]
  // The walk has given everything back, unless it is stuck in a stage.
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
 * Looks into the promises of a state for an error: the one that a promise is rejected with, or that it
 * holds as its `error`.
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

/** Connects to a scripted daemon, with no settings of the learner's. */
function connectorTo(host: string): Connect {
  const config = { folder: '', httpHeaders: {}, detachKeys: '', currentContext: '' }
  return (log) => connectTo(parseHost(host), config, { environment: {}, record: log })
}

const timeUp = Symbol('late')

/** Waits for a promise, but not for ever. */
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

/** What came of calls to a function. An error is a result too. */
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

/** What a trial shows of itself, for a comparison with the reference. */
export function resultText({
  events,
  passedOn,
  results,
  finalState: last,
  error,
}: TrialResult): string {
  const lines = results.map(({ asked, got }) => `${asked}\n  ${got}\n`).join('')
  if (events.length === 0) return lines
  const end = error ? `ended with: ${error.message}` : `exit code ${last?.exitCode ?? 'none'}`
  return `${timelineText(events)}${passedOnText(passedOn)}${lines}the end\n  ${end}\n`
}

function passedOnText(passedOn: TrialResult['passedOn']): string {
  const values = Object.entries(printState(passedOn ?? {}))
    // Which container it was differs from run to run, and is nothing that a stage decides about.
    .filter(([name]) => name !== 'container')
    .map(([name, value]) => `  ${name}: ${withoutIds(valueText(value))}\n`)
  return `passed on\n${values.join('') || '  nothing\n'}`
}
