/**
 * What is wrong with a session whatever the exercise is: it does not end, it leaves something
 * open, it loses what came in, or it comes to another end than the reference.
 *
 * @module
 */

import { Failure } from '../process/failure.ts'
import { bytesIn, type TapeEvent } from '../tape/event.ts'
import { causeChain, describeThrown, isFrom } from './load.ts'
import { describeHole, openHoleIn } from './not-written.ts'
import { indexOf } from './recorded-events.ts'
import type { TrialResult } from './trial.ts'

/** What is to be said before anything else. */
export function commonFailures(
  { error, swallowedError: swallowed, events, passedOn }: TrialResult,
  file: string,
): string | undefined {
  // In a loop that runs beside the stage an error becomes the end of the session.
  const hole = openHoleIn(error) ?? openHoleIn(swallowed)
  if (hole) return describeHole(hole, file)
  if (!passedOn && events.some(({ kind }) => kind === 'your stage returned')) {
    return 'your stage returned nothing: it returns the state that came in, with what it adds'
  }
  const resized = indexOf({ events }, 'request', /\/resize\?/)
  const upgraded = indexOf({ events }, 'upgrade')
  if (resized >= 0 && (upgraded < 0 || resized < upgraded)) {
    return 'you sent resize before the daemon had answered the upgrade: the process does not exist yet, and the request waits for it'
  }
  return undefined
}

/** How the verdict on code that ended the process begins. */
export const exitPrefix = 'your code ended the process'

/**
 * The verdict on code that ended the process.
 *
 * @param where - the call of process.exit in words, if it is known
 */
export function exitComplaint(where?: string): string {
  const call = where === undefined ? '' : `: ${where}`
  return `${exitPrefix}${call}. A stage returns a state or throws, and the workbook ends the process when everything is released`
}

/** How the verdict on code that threw begins. */
export const threwPrefix = 'your code threw an error'

/** The error that the learner's own code threw, even if other code caught it, and the complaint. */
export function learnerError(
  seen: TrialResult,
  reference: TrialResult,
  file: string,
): { readonly error: Error; readonly complaint: string } | undefined {
  const { error, swallowedError: swallowed, results, passedOn } = seen
  const row = results.find((one, at) => one.error && !reference.results[at]?.error)
  // Behind the learner's stage a later one may have thrown, over what it was handed.
  const isOwn = (one: Error | undefined): boolean =>
    one !== undefined &&
    (!(one instanceof Failure) || seen.events.length === 0) &&
    (passedOn === undefined || isFrom(one, file)) &&
    (results.length === 0 || reference.error === undefined)
  // What was thrown in a callback comes back as the cause of a request that got no answer.
  const below = causeChain(error)
    .slice(1)
    .find((one) => isFrom(one, file))
  const own = row?.error ?? below ?? [error, swallowed].find(isOwn)
  if (!own) return undefined
  const call = row ? ` (${row.asked})` : ''
  // A trial of a function says in a sentence what it cannot work with.
  const what = own instanceof Failure ? own.message : `${threwPrefix}: ${describeThrown(own, file)}`
  return { error: own, complaint: `${what}${call}` }
}

/** That a stage stands still before it has asked the daemon for anything. */
export function hangsBeforeRequest(seen: TrialResult, reference: TrialResult): string | undefined {
  if (!seen.timedOut || indexOf(seen, 'your stage returned') >= 0) return undefined
  return requestsOfStage(seen).length === 0 && requestsOfStage(reference).length > 0
    ? 'your stage has not come back, and it hangs before its first request: what does it wait for?'
    : undefined
}

/** The requests that were sent while the stage on trial ran. */
function requestsOfStage(seen: TrialResult): readonly TapeEvent[] {
  const begins = indexOf(seen, 'your stage begins')
  const returned = indexOf(seen, 'your stage returned')
  return seen.events
    .slice(begins, returned < 0 ? undefined : returned)
    .filter(({ kind }) => kind === 'request')
}

/** A text with a full stop, if it has no end of its own. */
export function withFullStop(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`
}

/** What is to be said where the exercise's own rules have found nothing. */
export function leftOpenFailures(seen: TrialResult, reference: TrialResult): string | undefined {
  const { error, leftOpen, heldOnReturn: held, passedOn } = seen
  if (error && !reference.error) return `it ended with an error: ${error.message}`
  if (seen.timedOut) return `the session did not come to its end. ${describeHang(seen)}`
  if (!error && reference.error) {
    return `it has to end with "${reference.error.message}", and it did not`
  }
  if (error && reference.error && error.message !== reference.error.message) {
    return `it ended with "${error.message}", and it has to be "${reference.error.message}"`
  }
  const open = leftOpen.filter((text) => !reference.leftOpen.includes(text))
  if (open.length > 0) return `everything was given back, but ${open.join(', and ')}`
  const notHeld = reference.heldOnReturn.find((label) => !held.includes(label))
  const ownLabel = held.find((label) => !reference.heldOnReturn.includes(label))
  if (notHeld && ownLabel) {
    return `you hold the ${notHeld} as "${ownLabel}", and its label has to be "${notHeld}"`
  }
  if (notHeld) return `you did not hold the ${notHeld}: kit.scope.hold gives it back at the end`
  const missing = Object.keys(reference.passedOn ?? {}).find((name) => !(name in (passedOn ?? {})))
  if (missing) return `"${missing}" is missing in what you passed on: what came in goes on too`
  for (const [name, words] of [
    ['exitCode', 'the exit code'],
    ['message', 'the message'],
  ] as const) {
    // As JSON, because "3" is no exit code and 3 is one.
    const [got, right] = [seen, reference].map(({ finalState: last }) =>
      JSON.stringify(last?.[name]),
    )
    if (got !== right) return `${words} is ${got}, and it has to be ${right}`
  }
  for (const kind of ['stdout', 'stderr'] as const) {
    if (!bytesIn(seen.events, kind).equals(bytesIn(reference.events, kind))) {
      const [got, right] = [bytesIn(seen.events, kind), bytesIn(reference.events, kind)].map(
        (bytes) => JSON.stringify(bytes.subarray(0, 60).toString()),
      )
      return `${kind} was ${got}, and it has to be ${right}`
    }
  }
  return undefined
}

/** Where a session stood still. */
function describeHang({ events }: TrialResult): string {
  const begins = events.findIndex(({ kind }) => kind === 'your stage begins')
  const returns = events.findIndex(({ kind }) => kind === 'your stage returned')
  if (begins >= 0 && returns < 0)
    return 'Your stage was called and has not returned: what does it wait for?'
  const ended = events.some(({ kind }) => kind === 'end')
  return ended
    ? 'The daemon had ended the stream, and nobody went on from there.'
    : 'The daemon waited for more input, and we for the end of its output.'
}
