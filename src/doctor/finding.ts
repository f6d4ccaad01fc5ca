/**
 * The doctor's findings, and timeouts for its checks.
 *
 * @module
 */

import { Failure } from '../process/failure.ts'
import { printableValue } from '../text/printable.ts'
import type { FailureName } from './failures.ts'

/**
 * A `problem` prevents something, a `note` does not; `skipped` means that we
 * could not check.
 */
export type Status = 'ok' | 'note' | 'problem' | 'skipped'

/** One finding. */
export type Finding = FindingDetails & {
  /** What we checked: `Node.js`, `the default socket`. */
  readonly about: string
  readonly status: Status
  /**
   * What we saw, for the person at this machine: with paths, addresses and a
   * daemon's messages.
   */
  readonly observed: string
}

type FindingDetails = {
  /**
   * The same, safe to share: no path, no address, no name of a person, host
   * or registry, no value of a variable. Left out if `observed` has none of
   * these.
   */
  readonly shared?: string
  /** The known failure that it is. */
  readonly failure?: FailureName
}

/** Makes a finding with a fixed status. */
type FindingOf = (about: string, observed: string, more?: FindingDetails) => Finding

/** What we saw may quote a daemon or a file, so it is made safe to print. */
function findingOf(status: Status): FindingOf {
  return (about, observed, more = {}) => printableValue({ about, status, observed, ...more })
}

/** Makes a finding that all is well. */
export const ok = findingOf('ok')

/** Makes a finding that prevents nothing but is good to know. */
export const note = findingOf('note')

/** Makes a finding that prevents something. */
export const problem = findingOf('problem')

/** Makes a finding for something that we could not check. */
export const skipped = findingOf('skipped')

/** Observes an examination. */
export type DoctorObserver = {
  /** A new part begins. */
  readonly part: (title: string) => void
  /** A check begins that may take long. It is shown only if it does. */
  readonly trying: (what: string) => void
  /** A slow step made progress. */
  readonly progress: (line: string) => void
  /** A check produced a finding. */
  readonly report: (finding: Finding) => void
}

/**
 * Runs a check that may fail or hang. A chapter waits as long as docker does,
 * but the doctor must finish.
 *
 * @param seconds - how long it may take
 * @param check - what to wait for
 * @param explain - makes the finding for a {@link Failure}, including the
 * timeout
 * @param late - receives a result that arrives after the timeout, to release
 * it
 * @returns undefined if it failed and the finding was reported
 */
export async function attempt<Result>(
  { report }: Pick<DoctorObserver, 'report'>,
  seconds: number,
  check: () => Promise<Result>,
  explain: (failure: Failure) => Finding,
  late: (result: Result) => void = () => {},
): Promise<Result | undefined> {
  try {
    return await within(seconds, check(), late)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    report(explain(error))
    return undefined
  }
}

/**
 * Waits for work, but only for so many seconds.
 *
 * @param late - receives a result that arrives after the timeout, to release
 * it
 * @throws a {@link Failure} after the timeout, with ETIMEDOUT as its cause
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
