/**
 * How a verdict on a learner's work is reached.
 *
 * @module
 */

import type { ExecPlace } from '../exec/exec-place.ts'
import { Failure } from '../process/failure.ts'
import { unifiedDiff } from '../text/difference.ts'
import { describeThrown } from './load.ts'
import { notWrittenYet } from './not-written.ts'
import { firstThings, lastThings, thrown } from './rules.ts'
import { type Seen, seenResults, seenText, type Trial } from './trial.ts'

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

type Rehearsed = { readonly seen: Seen; readonly milliseconds: number }

/** What the references came to: a batch of checks needs each of them once. */
const rehearsed = new Map<Trial<never>, Rehearsed>()

/**
 * Puts a learner's work through the trials of its exercise, up to the first that it does not pass.
 *
 * @param file - where it stands, for the line in which something was thrown
 * @param begins - called before each trial, with the time that it may take, in milliseconds
 */
export async function judge(
  exercise: string,
  { reference, trials }: Trials,
  subject: unknown,
  file: string,
  world: Omit<ExecPlace, 'limit'>,
  begins: (milliseconds: number) => void,
): Promise<Verdict> {
  const passed: string[] = []
  for (const trial of trials) {
    begins(referenceLimit)
    const right = rehearsed.get(trial) ?? (await rehearse(trial, reference, world))
    rehearsed.set(trial, right)

    // Ten times what the reference took, and more: a busy machine is slow for both.
    const limit = 2000 + Math.ceil(10 * right.milliseconds)
    begins(limit)
    const seen = await attempt(trial, subject, { ...world, limit })
    const complaint = complaintAbout(seen, right.seen, trial, file)
    if (complaint === undefined) {
      passed.push(trial.title)
      continue
    }
    // What is not written yet differs in everything, which tells nobody anything.
    const difference = complaint.includes(notWrittenYet)
      ? ''
      : unifiedDiff(
          { label: 'the reference', text: seenText(right.seen) },
          { label: 'yours', text: seenText(seen) },
          2,
        )
    return {
      ...{ exercise, right: false, passed, failed: trial.title, complaint },
      ...(difference && { difference }),
    }
  }
  return { exercise, right: true, passed }
}

async function rehearse(
  trial: Trial<never>,
  reference: unknown,
  world: Omit<ExecPlace, 'limit'>,
): Promise<Rehearsed> {
  const began = performance.now()
  const seen = await trial.run(reference as never, { ...world, limit: referenceLimit })
  // A daemon on which the reference itself fails can say nothing about anybody else's work.
  const reached = seen.events.some(({ kind }) => kind === 'your stage begins')
  const trouble =
    seen.stuck || (seen.events.length > 0 && !reached)
      ? (seen.error?.message ?? 'it did not come to its end')
      : trial.judge(seen, seen)
  if (trouble !== undefined) {
    throw new Failure(
      `nothing can be judged here: the reference itself does not pass "${trial.title}" on this daemon. Of it the verdict would be: ${trouble}`,
    )
  }
  return { seen, milliseconds: performance.now() - began }
}

/** Errors that nobody waited for, since the last trial began. */
const strays: unknown[] = []
process.on('unhandledRejection', (error) => strays.push(error))
process.on('uncaughtException', (error) => strays.push(error))

async function attempt(trial: Trial<never>, subject: unknown, world: ExecPlace): Promise<Seen> {
  strays.length = 0
  try {
    const seen = await trial.run(subject as never, world)
    const [stray] = strays
    return stray instanceof Error && !seen.error ? { ...seen, error: stray } : seen
  } catch (error) {
    // A function that is no stage throws at its caller, who is the trial.
    return seenResults([], error)
  }
}

function complaintAbout(
  seen: Seen,
  reference: Seen,
  trial: Trial<never>,
  file: string,
): string | undefined {
  const [stray] = strays
  if (stray instanceof Error && seen.error === stray) {
    return (
      firstThings(seen) ?? `nobody waits for a promise that failed: ${describeThrown(stray, file)}`
    )
  }
  // A table of calls has its errors among its results. And where the learner's stage has returned,
  // it is a later one that threw, for a reason that lies in what it was handed.
  const failed = seen.results.length > 0 || seen.passedOn ? undefined : thrown(seen, file)
  return firstThings(seen) ?? failed ?? trial.judge(seen, reference) ?? lastThings(seen, reference)
}
