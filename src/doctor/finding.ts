/**
 * What the doctor finds, one thing at a time, and how long it waits for it.
 *
 * @module
 */

import { Failure } from '../process/failure.ts'
import type { FailureName } from './failures.ts'

/** `problem` prevents something, `note` does not; `skipped` could not be checked here. */
export type Status = 'ok' | 'note' | 'problem' | 'skipped'

/** One thing that the doctor looked at. */
export type Finding = FindingDetails & {
  /** What it looked at: `Node.js`, `the default socket`. */
  readonly about: string
  readonly status: Status
  /** What it saw, for the person at this machine: paths, addresses and a daemon's own words. */
  readonly observed: string
}

type FindingDetails = {
  /**
   * The same for everyone else: no path, no address, no name of a person, a host or a registry, no
   * value of a variable. Left out if `saw` has none of these.
   */
  readonly shared?: string
  /** Which of the known failures it is. */
  readonly failure?: FailureName
}

/** Makes a finding of one status. */
type FindingOf = (about: string, saw: string, more?: FindingDetails) => Finding

function maker(status: Status): FindingOf {
  return (about, saw, more = {}) => ({ about, status, observed: saw, ...more })
}

/** A finding that all is well. */
export const ok = maker('ok')

/** A finding that prevents nothing, but is good to know. */
export const note = maker('note')

/** A finding that prevents something. */
export const problem = maker('problem')

/** A finding that there was nothing to check. */
export const skipped = maker('skipped')

/** Follows an examination. */
export type DoctorObserver = {
  /** A new part begins. */
  readonly part: (title: string) => void
  /** A check begins that may take long. It is shown only if it does. */
  readonly trying: (what: string) => void
  /** Something that takes long goes on. */
  readonly progress: (line: string) => void
  /** There is a finding. */
  readonly report: (finding: Finding) => void
}

/**
 * Runs a check that may fail or hang. The chapters wait as long as docker does, but a doctor that
 * hangs has found nothing.
 *
 * @param seconds - how long it may take
 * @param check - what to wait for
 * @param explain - makes the finding of a {@link Failure}, including one that the time is over
 * @param late - gets a result that arrives after all, to give it back
 * @returns undefined if it failed: the watcher has been told
 */
export async function attempt<Result>(
  { report: tell }: Pick<DoctorObserver, 'report'>,
  seconds: number,
  check: () => Promise<Result>,
  explain: (failure: Failure) => Finding,
  late: (result: Result) => void = () => {},
): Promise<Result | undefined> {
  try {
    return await within(seconds, check(), late)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    tell(explain(error))
    return undefined
  }
}

/**
 * Waits for work, but not longer than this.
 *
 * @param late - gets a result that arrives after all, to give it back
 * @throws a {@link Failure} when the time is over. It looks like a connection that timed out
 */
export async function within<Result>(
  seconds: number,
  work: Promise<Result>,
  late: (result: Result) => void = () => {},
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  work.then(
    (result) => isOver && late(result),
    () => {},
  )
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      isOver = true
      const failure = new Failure(`no answer within ${seconds} s`)
      failure.cause = Object.assign(new Error(failure.message), { code: 'ETIMEDOUT' })
      reject(failure)
    }, seconds * 1000)
  })
  return Promise.race([work, limit]).finally(() => clearTimeout(timer))
}

/** Compares two versions part by part: `1.9` is older than `1.24`. */
export function isOlder(version: string, other: string): boolean {
  return version.localeCompare(other, 'en', { numeric: true }) < 0
}
