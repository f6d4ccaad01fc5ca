/**
 * Reading a run: the requests, the answers and the bytes in which the predictions look for what was
 * right. Nothing in here knows an answer.
 *
 * @module
 */

import type { WalkResult } from '../run/walk-chapter.ts'
import {
  type Exchange as AnyExchange,
  type EventOf,
  exchangesIn,
  type TapeEvent,
} from '../tape/event.ts'
import type { StageRecord } from '../tape/moments.ts'

/** A request, and what the daemon said to it. */
export type Exchange = AnyExchange & { readonly answer: EventOf<'answer'> }

/** What a request and an answer have in common. */
type Message = Pick<EventOf<'request'>, 'headers' | 'body'>

/** The requests about an exec, as {@link nameOf} writes them. */
export const named = {
  inspectContainer: 'GET /containers/…/json',
  create: 'POST /containers/…/exec',
  start: 'POST /exec/…/start',
  resize: 'POST /exec/…/resize',
  inspectExec: 'GET /exec/…/json',
} as const

/** All that was on the wire, in its order. */
export function wireOf({ stages, unfinished }: WalkResult): TapeEvent[] {
  return [...stages.flatMap(({ wire }) => wire), ...unfinished]
}

/** What is known of a stage. Undefined where the run did not come so far. */
export function stageOf(run: WalkResult, name: string): StageRecord | undefined {
  return run.stages.find((stage) => stage.name === name)
}

/** `POST /exec/…/start`: a request without the version, the ID and the query in its path. */
export function nameOf({ method, path }: EventOf<'request'>): string {
  const short = path.replace(/^\/v\d+\.\d+/, '').replace(/\?.*$/, '')
  return `${method} ${short.replace(/^\/(containers|exec)\/[^/]+/, '/$1/…')}`
}

/** The requests that were answered, in order. */
export function exchangesOf(events: readonly TapeEvent[]): Exchange[] {
  return exchangesIn(events).filter(
    (exchange): exchange is Exchange => exchange.answer !== undefined,
  )
}

/** The first request of that name, with its answer. */
export function exchangeOf(run: WalkResult, name: string): Exchange | undefined {
  return exchangesOf(wireOf(run)).find(({ request }) => nameOf(request) === name)
}

/** `GET /containers/…/json, POST /containers/…/exec` */
export function listOf(exchanges: readonly Exchange[]): string {
  return exchanges.map(({ request }) => nameOf(request)).join(', ')
}

/** The value of a header, whatever the case of its name. Empty where there is none. */
export function headerOf(message: Message | undefined, name: string): string {
  const found = message?.headers.find(([header]) => header.toLowerCase() === name)
  return found?.[1] ?? ''
}

/** A field of a body. Undefined also where the body is no JSON. */
export function fieldOf(message: Message | undefined, name: string): unknown {
  try {
    return (JSON.parse(message?.body ?? '') as Record<string, unknown> | null)?.[name]
  } catch {
    return undefined
  }
}

/** The choice whose first word is this: `101` finds `101 Switching Protocols`. */
export function beginningWith(choices: readonly string[], word: unknown): string | undefined {
  return choices.find((choice) => choice.split(' ')[0] === String(word))
}

const words = ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'] as const

/** A small number as a word: the choices have words, because their own numbers stand before them. */
export function inWords(count: number | undefined): string | undefined {
  return count === undefined ? undefined : words[count]
}
