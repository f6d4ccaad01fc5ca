/**
 * The rules for every exercise: a session ends, leaves nothing open, keeps
 * the state it received, and produces the same result as the reference.
 *
 * @module
 */

import { Failure } from '../process/failure.ts'
import { bytesIn, type TapeEvent } from '../tape/event.ts'
import { causeChain, describeThrown, isFrom } from './load.ts'
import { describeHole, openHoleIn } from './not-written.ts'
import { indexOf } from './recorded-events.ts'
import type { TrialResult } from './trial.ts'

/** Checks the rules that come before the exercise's own. */
export function commonFailures(
  { error, swallowedError: swallowed, events, passedOn }: TrialResult,
  file: string,
): string | undefined {
  // An error in a background loop doesn't fail the stage: it ends the
  // session.
  const hole = openHoleIn(error) ?? openHoleIn(swallowed)
  if (hole) return describeHole(hole, file)
  if (!passedOn && events.some(({ kind }) => kind === 'your stage returned')) {
    return 'your stage returned nothing: return the state you received, plus what you add'
  }
  const resized = indexOf({ events }, 'request', /\/resize\?/)
  const upgraded = indexOf({ events }, 'upgrade')
  if (resized >= 0 && (upgraded < 0 || resized < upgraded)) {
    return 'you sent resize before the daemon had answered the upgrade: the process does not exist yet, so the request blocks until it does'
  }
  return undefined
}

/** The beginning of the verdict on code that ended the process. */
export const exitPrefix = 'your code ended the process'

/**
 * The verdict on code that ended the process.
 *
 * @param where - describes the call of process.exit, if it is known
 */
export function exitComplaint(where?: string): string {
  const call = where === undefined ? '' : `: ${where}`
  return `${exitPrefix}${call}. A stage returns a state or throws; the workbook ends the process once everything is released`
}

/** The beginning of the verdict on code that threw. */
export const threwPrefix = 'your code threw an error'

/**
 * Finds the error that the learner's own code threw, even if other code
 * caught it.
 */
export function learnerError(
  seen: TrialResult,
  reference: TrialResult,
  file: string,
): { readonly error: Error; readonly complaint: string } | undefined {
  const { error, swallowedError: swallowed, results, passedOn } = seen
  const row = results.find((one, at) => one.error && !reference.results[at]?.error)
  // A later stage may have thrown because of what the learner's stage
  // returned.
  const isOwn = (one: Error | undefined): boolean =>
    one !== undefined &&
    (!(one instanceof Failure) || seen.events.length === 0) &&
    (passedOn === undefined || isFrom(one, file)) &&
    (results.length === 0 || reference.error === undefined)
  // An error thrown in a callback becomes the cause of a request's failure.
  const below = causeChain(error)
    .slice(1)
    .find((one) => isFrom(one, file))
  const own = row?.error ?? below ?? [error, swallowed].find(isOwn)
  if (!own) return undefined
  const call = row ? ` (${row.asked})` : ''
  // A trial of a plain function reports an unusable result as a Failure.
  const what = own instanceof Failure ? own.message : `${threwPrefix}: ${describeThrown(own, file)}`
  return { error: own, complaint: `${what}${call}` }
}

/**
 * Complains about a stage that hangs before it has sent anything to the
 * daemon.
 */
export function hangsBeforeRequest(seen: TrialResult, reference: TrialResult): string | undefined {
  if (!seen.timedOut || indexOf(seen, 'your stage returned') >= 0) return undefined
  return requestsOfStage(seen).length === 0 && requestsOfStage(reference).length > 0
    ? 'your stage has not returned, and it hangs before its first request: what is it waiting for?'
    : undefined
}

/** The requests sent while the learner's stage ran. */
function requestsOfStage(seen: TrialResult): readonly TapeEvent[] {
  const begins = indexOf(seen, 'your stage begins')
  const returned = indexOf(seen, 'your stage returned')
  return seen.events
    .slice(begins, returned < 0 ? undefined : returned)
    .filter(({ kind }) => kind === 'request')
}

/** Adds a full stop unless the text ends in punctuation. */
export function withFullStop(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`
}

/** Checks the rules that come after the exercise's own. */
export function leftOpenFailures(seen: TrialResult, reference: TrialResult): string | undefined {
  const { error, leftOpen, heldOnReturn: held, passedOn } = seen
  if (error && !reference.error) return `the session failed: ${error.message}`
  if (seen.timedOut) return `the session did not finish. ${describeHang(seen)}`
  if (!error && reference.error) {
    return `the session finished, but it has to fail with "${reference.error.message}"`
  }
  if (error && reference.error && error.message !== reference.error.message) {
    return `the session failed with "${error.message}", but it has to fail with "${reference.error.message}"`
  }
  const open = leftOpen.filter((text) => !reference.leftOpen.includes(text))
  if (open.length > 0)
    return `the scope has released everything it held, but ${open.join(', and ')}`
  const notHeld = reference.heldOnReturn.find((label) => !held.includes(label))
  const ownLabel = held.find((label) => !reference.heldOnReturn.includes(label))
  if (notHeld && ownLabel) {
    return `you hold the ${notHeld} as "${ownLabel}", but its label has to be "${notHeld}"`
  }
  if (notHeld) {
    return `you did not hold the ${notHeld}: register it with kit.scope.hold, or nothing releases it at the end`
  }
  const missing = Object.keys(reference.passedOn ?? {}).find((name) => !(name in (passedOn ?? {})))
  if (missing) {
    return `"${missing}" is missing from the state you returned: return everything you received, plus what you add`
  }
  for (const [name, words] of [
    ['exitCode', 'the exit code'],
    ['message', 'the message'],
  ] as const) {
    // As JSON, to tell "3" from 3.
    const [got, right] = [seen, reference].map(({ finalState: last }) =>
      JSON.stringify(last?.[name]),
    )
    if (got !== right) return `${words} is ${got}, but it has to be ${right}`
  }
  for (const kind of ['stdout', 'stderr'] as const) {
    if (!bytesIn(seen.events, kind).equals(bytesIn(reference.events, kind))) {
      const [got, right] = [bytesIn(seen.events, kind), bytesIn(reference.events, kind)].map(
        (bytes) => JSON.stringify(bytes.subarray(0, 60).toString()),
      )
      return `${kind} got ${got}, but it has to get ${right}`
    }
  }
  return undefined
}

/** Says where a session hangs. */
function describeHang({ events }: TrialResult): string {
  const begins = events.findIndex(({ kind }) => kind === 'your stage begins')
  const returns = events.findIndex(({ kind }) => kind === 'your stage returned')
  if (begins >= 0 && returns < 0)
    return 'Your stage was called and has not returned: what is it waiting for?'
  const ended = events.some(({ kind }) => kind === 'end')
  return ended
    ? 'The daemon ended the stream, but our side did nothing after that.'
    : 'The daemon was waiting for more input while we were waiting for the end of its output.'
}
