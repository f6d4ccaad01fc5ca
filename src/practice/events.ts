/**
 * `GET /events`: streams the practice daemon's events about its execs, past
 * ones or new ones until the client disconnects.
 *
 * @module
 */

import type { Socket } from 'node:net'
import type { Container } from './container.ts'
import { head, identity, Refusal } from './response.ts'

/** The past events, and subscriptions to new ones. */
export type EventLog = {
  /** Adds an event and sends it to all subscribers. */
  readonly add: (action: string, attributes: Readonly<Record<string, string>>) => void
  /**
   * Streams the events that a query asks for. The connection serves no other
   * request.
   */
  readonly send: (socket: Socket, query: URLSearchParams, begin: () => void) => void
}

/** How many events to keep, as in Docker's daemon. */
const eventLimit = 256

/** The longest action that is kept, in characters. It names the command. */
const longestAction = 10_000

/** The longest delay of a timer, in milliseconds. */
const longestTimer = 2 ** 31 - 1

/** Creates an empty log for a container. */
export function createEventLog(container: Container): EventLog {
  const past: PracticeEvent[] = []
  const listeners = new Set<(event: PracticeEvent) => void>()

  return {
    add(action, attributes) {
      const event = createEvent(container, action, attributes)
      past.push(event)
      if (past.length > eventLimit) past.shift()
      for (const take of listeners) take(event)
    },
    send(socket, query, begin) {
      const since = readTime(query.get('since'))
      const until = readTime(query.get('until'))
      const isSelected = matchesFilters(container, query.get('filters'))
      begin()
      const form = { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' }
      socket.write(head(200, { ...identity, ...form, Date: new Date().toUTCString() }))
      const take = (event: PracticeEvent): void => {
        const time = event.timeNano / 1e6
        if (!isSelected || time < (since ?? 0) || time > (until ?? time)) return
        const line = `${JSON.stringify(event)}\n`
        socket.write(`${Buffer.byteLength(line).toString(16)}\r\n${line}\r\n`)
      }
      if (since !== undefined || until !== undefined) past.forEach(take)
      listeners.add(take)
      const end = (): void => {
        listeners.delete(take)
        clearTimeout(timer)
        if (!socket.writableEnded) socket.end('0\r\n\r\n')
      }
      const rest = until === undefined ? longestTimer : Math.max(0, until - Date.now())
      const timer = setTimeout(end, Math.min(rest, longestTimer))
      socket.on('end', end).on('close', end).resume()
    },
  }
}

type PracticeEvent = ReturnType<typeof createEvent>

/** Copies the beginning of a text. A slice would keep all of it in memory. */
function beginningOf(text: string): string {
  return Buffer.from(text.slice(0, longestAction)).toString()
}

/** Creates an event in the form in which it is sent. */
function createEvent(
  { id, image, name }: Container,
  whole: string,
  attributes: Readonly<Record<string, string>>,
) {
  const milliseconds = Date.now()
  const action = whole.length > longestAction ? beginningOf(whole) : whole
  return {
    status: action,
    id,
    from: image,
    Type: 'container',
    Action: action,
    Actor: { ID: id, Attributes: { ...attributes, image, name } },
    scope: 'local',
    time: Math.floor(milliseconds / 1000),
    timeNano: milliseconds * 1e6,
  }
}

/** Whether the filters match the container's events. */
function matchesFilters({ id, name }: Container, filters: string | null): boolean {
  const requested = Object.entries(JSON.parse(filters || '{}') as Record<string, object>)
  const values: Readonly<Record<string, readonly string[]>> = {
    type: ['container'],
    container: [id, id.slice(0, 12), name],
  }
  return requested.every(([key, value]) => {
    if (!values[key]) throw new Refusal(400, `the practice daemon has no filter '${key}'`)
    // Clients send either a list of values or an object with the values as
    // keys.
    const accepted = Array.isArray(value) ? value.map(String) : Object.keys(value)
    return accepted.some((item) => values[key]?.includes(item))
  })
}

/**
 * Converts seconds since 1970, with an optional fraction, to milliseconds.
 */
function readTime(text: string | null): number | undefined {
  if (text === null || text === '') return undefined
  const seconds = Number(text)
  if (!Number.isNaN(seconds)) return seconds * 1000
  throw new Refusal(400, `"${text}" is not a number of seconds`)
}
