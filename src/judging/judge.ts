/**
 * How a verdict on a learner's work is reached.
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

/** What is on trial, and what it is compared with. Its type is known to its own trials only. */
export type Trials = { readonly reference: unknown; readonly trials: readonly Trial<never>[] }

/** What came of a check. */
export type Verdict = {
  readonly exercise: string
  readonly right: boolean
  /** The titles of the trials that were passed, in their order. */
  readonly passed: readonly string[]
  /** The title of the trial that was not. */
  readonly failed?: string
  /** What is wrong, in the protocol's words. */
  readonly complaint?: string
  /** From what the reference did to what the learner's work did, as a unified diff. */
  readonly difference?: string
}

/** The longest that the reference may take, in milliseconds. Its own time decides about the learner's. */
const referenceLimit = 30_000

type ReferenceRun = { readonly seen: TrialResult; readonly milliseconds: number }

/** What the references came to: a batch of checks needs each of them once. */
const referenceRuns = new Map<Trial<never>, ReferenceRun>()

/** A learner's work on an exercise. */
export type Work = {
  /** The exercise's name. */
  readonly exercise: string
  /** What its file exports. */
  readonly subject: unknown
  /** Where it stands, for the line in which something was thrown. */
  readonly file: string
}

/** Sees the trials go on. */
export type TrialObserver = {
  /** A trial begins, or a step of it, which may take so long, in milliseconds. */
  readonly begins: (title: string, milliseconds: number) => void
  /** A trial was passed. */
  readonly passed: (title: string) => void
}

/** Puts a learner's work through the trials of its exercise, up to the first that it does not pass. */
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
    const right = await runReference(trial, reference, world)

    // Ten times what the reference took, and more: a busy machine is slow for both.
    const limit = 2000 + Math.ceil(10 * right.milliseconds)
    observer.begins(trial.title, limit)
    const seen = await attempt(trial, subject, { ...world, limit })
    const complaint = complaintAbout(seen, right.seen, trial, file)
    if (complaint === undefined) {
      passed.push(trial.title)
      observer.passed(trial.title)
      continue
    }
    const difference = differenceTo(right.seen, seen, complaint)
    return {
      ...{ exercise, right: false, passed, failed: trial.title, complaint },
      ...(difference && { difference }),
    }
  }
  return { exercise, right: true, passed }
}

/** After an error, and in a hole, everything differs from the reference, and a diff teaches nothing. */
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

/** Runs the reference through every trial of an exercise, for the checks that follow. */
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
  // A daemon on which the reference itself fails can say nothing about anybody else's work.
  const reached = seen.events.some(({ kind }) => kind === 'your stage begins')
  const trouble =
    seen.timedOut || (seen.events.length > 0 && !reached)
      ? (seen.error?.message ?? 'it did not come to its end')
      : trial.judge(seen, seen)
  if (trouble !== undefined) {
    throw new Failure(
      `nothing can be judged here: the reference itself does not pass "${trial.title}" on this daemon. Of it the verdict would be: ${trouble}`,
    )
  }
  const done = { seen, milliseconds: performance.now() - began }
  referenceRuns.set(trial, done)
  return done
}

/** An error that no caller received, and why: there was no `await`, or no caller. */
type StrayError = { readonly error: unknown; readonly why: string }

/** Those since the last trial began. */
const strayErrors: StrayError[] = []
process.on('unhandledRejection', (error) => {
  strayErrors.push({ error, why: 'you do not wait for a promise that failed' })
})
process.on('uncaughtException', (error) => {
  strayErrors.push({ error, why: 'it came in a callback, where no caller can catch it' })
})

/** The call of process.exit since the last trial began. */
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
    // A function that is no stage throws at its caller, who is the trial.
    return resultsOnly([], error)
  }
}

/** What there is to say of an error that was made of a refusal. */
const passOnRule =
  "the refusal came to you as a Failure: pass on the Failure itself, which has the daemon's sentence"

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
    // An error that was meant has a rule behind it: how a refusal is passed on, what is no error.
    const isOwn = error.constructor === Error
    const isMeant = reference.error || (isOwn && seen.results.length > 0)
    const rule =
      (isMeant ? trial.judge(seen, reference) : undefined) ??
      (isOwn && reference.error instanceof Failure ? passOnRule : undefined)
    return rule === undefined ? complaint : `${withFullStop(complaint)} And ${rule}`
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
