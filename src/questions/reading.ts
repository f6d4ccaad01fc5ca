/**
 * Reads facts from a run: requests, answers and bytes, which the questions
 * use to find the right choice. No answers are stored here.
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

/** A request and the daemon's answer. */
export type Exchange = AnyExchange & { readonly answer: EventOf<'answer'> }

/** What requests and answers have in common. */
type Message = Pick<EventOf<'request'>, 'headers' | 'body'>

/** The requests about an exec, in the form that {@link nameOf} returns. */
export const named = {
  inspectContainer: 'GET /containers/…/json',
  create: 'POST /containers/…/exec',
  start: 'POST /exec/…/start',
  resize: 'POST /exec/…/resize',
  inspectExec: 'GET /exec/…/json',
} as const

/** Returns everything on the wire, in order. */
export function wireOf({ stages, unfinished }: WalkResult): TapeEvent[] {
  return [...stages.flatMap(({ wire }) => wire), ...unfinished]
}

/**
 * Returns the record of a stage, or undefined if the run did not get that
 * far.
 */
export function stageOf(run: WalkResult, name: string): StageRecord | undefined {
  return run.stages.find((stage) => stage.name === name)
}

/**
 * Returns `POST /exec/…/start`: a request without the version, the ID and the
 * query in its path.
 */
export function nameOf({ method, path }: EventOf<'request'>): string {
  const short = path.replace(/^\/v\d+\.\d+/, '').replace(/\?.*$/, '')
  return `${method} ${short.replace(/^\/(containers|exec)\/[^/]+/, '/$1/…')}`
}

/** Returns the answered requests, in order. */
export function exchangesOf(events: readonly TapeEvent[]): Exchange[] {
  return exchangesIn(events).filter(
    (exchange): exchange is Exchange => exchange.answer !== undefined,
  )
}

/** Returns the first request of this name, with its answer. */
export function exchangeOf(run: WalkResult, name: string): Exchange | undefined {
  return exchangesOf(wireOf(run)).find(({ request }) => nameOf(request) === name)
}

/** Returns `GET /containers/…/json, POST /containers/…/exec`. */
export function listOf(exchanges: readonly Exchange[]): string {
  return exchanges.map(({ request }) => nameOf(request)).join(', ')
}

/**
 * Returns the value of a header, whose name is case-insensitive, or an empty
 * string.
 */
export function headerOf(message: Message | undefined, name: string): string {
  const found = message?.headers.find(([header]) => header.toLowerCase() === name)
  return found?.[1] ?? ''
}

/**
 * Returns a field of a JSON body, or undefined, also if the body is not JSON.
 */
export function fieldOf(message: Message | undefined, name: string): unknown {
  try {
    return (JSON.parse(message?.body ?? '') as Record<string, unknown> | null)?.[name]
  } catch {
    return undefined
  }
}

/**
 * Returns the choice whose first word is this: `101` finds `101 Switching
 * Protocols`.
 */
export function beginningWith(choices: readonly string[], word: unknown): string | undefined {
  return choices.find((choice) => choice.split(' ')[0] === String(word))
}

const words = ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'] as const

/**
 * Returns a small number as a word. Choices use words, because they are
 * numbered themselves.
 */
export function inWords(count: number | undefined): string | undefined {
  return count === undefined ? undefined : words[count]
}
