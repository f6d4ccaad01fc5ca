/**
 * Looks for things in the events of a trial.
 *
 * @module
 */

import { headerOf } from '../stream/http.ts'
import { type EventKind, type EventOf, exchangesIn, type TapeEvent } from '../tape/event.ts'
import { withoutIds } from './timeline.ts'
import type { TrialResult } from './trial.ts'

/** The events of a trial, wherever they are kept. */
type WithEvents = { readonly events: readonly TapeEvent[] }

/** The last state of a course that ran to its end, as far as an experiment looks at it. */
export type FinalState = {
  readonly execId: string
  readonly exitCode: number
  readonly message: string
}

/** A request as a verdict looks at it. */
export type SeenRequest = {
  readonly method: string
  /** Without the version: `/exec/fc9c…/start`. */
  readonly path: string
  /** Undefined if there was none. */
  readonly body: unknown
  /** Whether it asked for the connection: `Upgrade: tcp`. */
  readonly upgrade: boolean
}

/** The requests of a session, in their order. */
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

/** What the stage on trial asked of the daemon in place of what it should have, and the answer. */
export function describeSent(seen: WithEvents): string | undefined {
  const begins = indexOf(seen, 'your stage begins')
  const returned = indexOf(seen, 'your stage returned')
  const events = seen.events.slice(begins, returned < 0 ? undefined : returned)
  const sent = exchangesIn(events).findLast(({ request }) => request.method === 'POST')
  if (!sent?.answer) return undefined
  return `you sent POST ${withoutIds(pathOf(sent.request))} instead, and the daemon answered ${sent.answer.status}`
}

/** The answers to requests with such a path. */
export function answersIn({ events }: WithEvents, path: RegExp): EventOf<'answer'>[] {
  return exchangesIn(events).flatMap(({ request, answer }) =>
    answer && path.test(pathOf(request)) ? [answer] : [],
  )
}

/** The place of the first event of a kind, or -1. For a request, its path has to match too. */
export function indexOf({ events }: WithEvents, kind: EventKind, path = /./, from = 0): number {
  return events.findIndex(
    (event, at) =>
      at >= from && event.kind === kind && (event.kind !== 'request' || path.test(pathOf(event))),
  )
}

/** The place where the terminal became raw, or was restored, or -1. */
export function modeIndexOf({ events }: WithEvents, moment: 'raw' | 'after'): number {
  return events.findIndex((event) => event.kind === 'terminal' && event.moment === moment)
}

/** The path of a request without the version of the API. */
function pathOf({ path }: EventOf<'request'>): string {
  return path.replace(/^\/v\d+\.\d+/, '')
}

/** What the course came to, where it ran to its end. */
export function finalStateOf({ finalState: last }: Pick<TrialResult, 'finalState'>): FinalState {
  return last as FinalState
}
