/**
 * Judges a learner's work: runs each trial with the reference and with the
 * learner's code, and compares the two.
 *
 * @module
 */

import type { ExecPlace } from '../exec/exec-place.ts'
import { Failure } from '../process/failure.ts'
import { unifiedDiff } from '../text/difference.ts'
import { asError, describeThrown, watchExit } from './load.ts'
import { openHolePrefix } from './not-written.ts'
import {
  commonFailures,
  exitComplaint,
  exitPrefix,
  hangsBeforeRequest,
  learnerError,
  leftOpenFailures,
  threwPrefix,
  withFullStop,
} from './rules.ts'
import { resultsOnly, resultText, type Trial, type TrialResult } from './trial.ts'

/**
 * The trials of an exercise and their reference, whose type only the trials
 * know.
 */
export type Trials = { readonly reference: unknown; readonly trials: readonly Trial<never>[] }

/** The result of a check. */
export type Verdict = {
  readonly exercise: string
  readonly right: boolean
  /** The titles of the trials that passed, in order. */
  readonly passed: readonly string[]
  /** The title of the trial that failed. */
  readonly failed?: string
  /**
   * What is wrong: a sentence that begins in lower case and has no full stop.
   */
  readonly complaint?: string
  /**
   * A unified diff from what the reference did to what the learner's code
   * did.
   */
  readonly difference?: string
}

/**
 * The time limit for the reference, in milliseconds. The learner's limit
 * depends on its time.
 */
const referenceLimit = 30_000

type ReferenceRun = { readonly seen: TrialResult; readonly milliseconds: number }

/** The results of the references, which a batch of checks runs only once. */
const referenceRuns = new Map<Trial<never>, ReferenceRun>()

/** A learner's work on an exercise. */
export type Work = {
  /** The exercise's name. */
  readonly exercise: string
  /** The value that its file exports. */
  readonly subject: unknown
  /** The path of the learner's file, to find the line of an error. */
  readonly file: string
}

/** Callbacks for the progress of the trials. */
export type TrialObserver = {
  /**
   * Called when a trial, or a step of it, begins that may take this many
   * milliseconds.
   */
  readonly begins: (title: string, milliseconds: number) => void
  /** Called when a trial passes. */
  readonly passed: (title: string) => void
}

/**
 * Runs the trials of an exercise on a learner's work, up to the first that
 * fails.
 */
export async function judge(
  { exercise, subject, file }: Work,
  { reference, trials }: Trials,
  world: Omit<ExecPlace, 'limit'>,
  observer: TrialObserver,
): Promise<Verdict> {
  const passed: string[] = []
  watchExit(file, (call) => {
    exitCall ??= call
    throw call
  })
  for (const trial of trials) {
    observer.begins(trial.title, referenceLimit)
    const expected = await runReference(trial, reference, world)

    // A busy machine slows both down, so the limit depends on the reference's
    // time.
    const limit = 2000 + Math.ceil(10 * expected.milliseconds)
    observer.begins(trial.title, limit)
    const seen = await attempt(trial, subject, { ...world, limit })
    const complaint = complaintAbout(seen, expected.seen, trial, file)
    if (complaint === undefined) {
      passed.push(trial.title)
      observer.passed(trial.title)
      continue
    }
    const difference = differenceTo(expected.seen, seen, complaint)
    return {
      ...{ exercise, right: false, passed, failed: trial.title, complaint },
      ...(difference && { difference }),
    }
  }
  return { exercise, right: true, passed }
}

/**
 * Diffs the two results. Empty after an error or an open hole, where the diff
 * is only noise.
 */
function differenceTo(reference: TrialResult, seen: TrialResult, complaint: string): string {
  if (
    complaint.startsWith(openHolePrefix) ||
    complaint.startsWith(exitPrefix) ||
    complaint.includes(threwPrefix)
  )
    return ''
  return unifiedDiff(
    { label: 'the reference', text: resultText(reference) },
    { label: 'yours', text: resultText(seen) },
    2,
  )
}

/**
 * Runs the reference through every trial of an exercise ahead of the checks.
 */
export async function runReferences(
  { reference, trials }: Trials,
  world: Omit<ExecPlace, 'limit'>,
): Promise<void> {
  for (const trial of trials) await runReference(trial, reference, world)
}

async function runReference(
  trial: Trial<never>,
  reference: unknown,
  world: Omit<ExecPlace, 'limit'>,
): Promise<ReferenceRun> {
  const earlier = referenceRuns.get(trial)
  if (earlier) return earlier
  const began = performance.now()
  const seen = await trial.run(reference as never, { ...world, limit: referenceLimit })
  // On a daemon where the reference fails, a verdict on other code means
  // nothing.
  const reached = seen.events.some(({ kind }) => kind === 'your stage begins')
  const problem =
    seen.timedOut || (seen.events.length > 0 && !reached)
      ? (seen.error?.message ?? 'the session did not finish')
      : trial.judge(seen, seen)
  if (problem !== undefined) {
    throw new Failure(
      `cannot judge your code here: on this daemon even the reference solution fails "${trial.title}": ${problem}`,
    )
  }
  const done = { seen, milliseconds: performance.now() - began }
  referenceRuns.set(trial, done)
  return done
}

/** An error that reached no caller, and why. */
type StrayError = { readonly error: unknown; readonly why: string }

/** The stray errors since the current trial began. */
const strayErrors: StrayError[] = []
process.on('unhandledRejection', (error) => {
  strayErrors.push({ error, why: 'it rejected a promise that you do not await' })
})
process.on('uncaughtException', (error) => {
  strayErrors.push({ error, why: 'it was thrown in a callback, where no caller can catch it' })
})

/** The first call of process.exit since the current trial began. */
let exitCall: Error | undefined

async function attempt(
  trial: Trial<never>,
  subject: unknown,
  world: ExecPlace,
): Promise<TrialResult> {
  strayErrors.length = 0
  exitCall = undefined
  try {
    return await trial.run(subject as never, world)
  } catch (error) {
    // A plain function throws at its caller, and that is the trial.
    return resultsOnly([], error)
  }
}

/** The rule for code that replaced the daemon's error with its own. */
const passOnRule =
  "the daemon's refusal reached you as a Failure: rethrow the Failure itself, which carries the daemon's message"

function complaintAbout(
  seen: TrialResult,
  reference: TrialResult,
  trial: Trial<never>,
  file: string,
): string | undefined {
  if (exitCall) return exitComplaint(describeThrown(exitCall, file))
  const first = commonFailures(seen, file)
  if (first !== undefined) return first
  const threw = learnerError(seen, reference, file)
  if (threw) {
    const { error, complaint } = threw
    // If the learner threw on purpose, the trial's own rule says what to do
    // instead.
    const isOwn = error.constructor === Error
    const isDeliberate = reference.error || (isOwn && seen.results.length > 0)
    const rule =
      (isDeliberate ? trial.judge(seen, reference) : undefined) ??
      (isOwn && reference.error instanceof Failure ? passOnRule : undefined)
    return rule === undefined ? complaint : `${withFullStop(complaint)} Note: ${rule}`
  }
  const [stray] = strayErrors
  if (stray && !seen.error)
    return `${threwPrefix}: ${describeThrown(asError(stray.error), file)}, and ${stray.why}`
  return (
    hangsBeforeRequest(seen, reference) ??
    trial.judge(seen, reference) ??
    leftOpenFailures(seen, reference)
  )
}
