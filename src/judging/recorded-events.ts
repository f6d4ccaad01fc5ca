/**
 * Queries on the events of a trial.
 *
 * @module
 */

import { headerOf } from '../stream/http.ts'
import { type EventKind, type EventOf, exchangesIn, type TapeEvent } from '../tape/event.ts'
import { withoutIds } from './timeline.ts'
import type { TrialResult } from './trial.ts'

/** Anything with the events of a trial. */
type WithEvents = { readonly events: readonly TapeEvent[] }

/** The part of a finished course's state that verdicts look at. */
export type FinalState = {
  readonly execId: string
  readonly exitCode: number
  readonly message: string
}

/** A request, as verdicts look at it. */
export type SeenRequest = {
  readonly method: string
  /** Without the version: `/exec/fc9c…/start`. */
  readonly path: string
  /** The parsed JSON body, or undefined if there was none. */
  readonly body: unknown
  /** Whether it had an Upgrade header. */
  readonly upgrade: boolean
}

/** Returns the requests of a session, in order. */
export function requestsIn({ events }: WithEvents): SeenRequest[] {
  return events
    .filter((event) => event.kind === 'request')
    .map((request) => ({
      method: request.method,
      path: pathOf(request),
      body: request.body === '' ? undefined : JSON.parse(request.body),
      upgrade: headerOf(request, 'Upgrade') !== '',
    }))
}

/**
 * Describes the last POST that the learner's stage sent, and the daemon's
 * answer.
 */
export function describeSent(seen: WithEvents): string | undefined {
  const begins = indexOf(seen, 'your stage begins')
  const returned = indexOf(seen, 'your stage returned')
  const events = seen.events.slice(begins, returned < 0 ? undefined : returned)
  const sent = exchangesIn(events).findLast(({ request }) => request.method === 'POST')
  if (!sent?.answer) return undefined
  return `you sent POST ${withoutIds(pathOf(sent.request))} instead, and the daemon answered ${sent.answer.status}`
}

/** Returns the answers to requests whose path matches. */
export function answersIn({ events }: WithEvents, path: RegExp): EventOf<'answer'>[] {
  return exchangesIn(events).flatMap(({ request, answer }) =>
    answer && path.test(pathOf(request)) ? [answer] : [],
  )
}

/**
 * Returns the index of the first event of a kind, or -1. A request's path has
 * to match too.
 */
export function indexOf({ events }: WithEvents, kind: EventKind, path = /./, from = 0): number {
  return events.findIndex(
    (event, at) =>
      at >= from && event.kind === kind && (event.kind !== 'request' || path.test(pathOf(event))),
  )
}

/**
 * Returns the index at which the terminal became raw or was restored, or -1.
 */
export function modeIndexOf({ events }: WithEvents, moment: 'raw' | 'after'): number {
  return events.findIndex((event) => event.kind === 'terminal' && event.moment === moment)
}

/** Returns the path of a request without the API version. */
function pathOf({ path }: EventOf<'request'>): string {
  return path.replace(/^\/v\d+\.\d+/, '')
}

/** Returns the final state of a course that finished. */
export function finalStateOf({ finalState: last }: Pick<TrialResult, 'finalState'>): FinalState {
  return last as FinalState
}
