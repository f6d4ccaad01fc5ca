/**
 * `GET /events`: what the practice daemon tells about its execs, for a time that is over, or on and
 * on until the client leaves.
 *
 * @module
 */

import type { Socket } from 'node:net'
import type { Container } from './container.ts'
import { head, identity, Refusal } from './response.ts'

/** The events until now, and a way to hear of the next ones. */
export type EventLog = {
  /** Adds an event, and sends it to all who listen. */
  readonly add: (action: string, attributes: Readonly<Record<string, string>>) => void
  /** Sends what a query asks for; the connection is used up by it. */
  readonly send: (socket: Socket, query: URLSearchParams, begin: () => void) => void
}

/** As many as a Docker daemon remembers. */
const remembered = 256

/** The longest time that a timer can wait, in milliseconds. */
const longestTimer = 2 ** 31 - 1

/** Starts an empty log for one container. */
export function createEventLog(container: Container): EventLog {
  const past: PracticeEvent[] = []
  const listeners = new Set<(event: PracticeEvent) => void>()

  return {
    add(action, attributes) {
      const event = createEvent(container, action, attributes)
      past.push(event)
      if (past.length > remembered) past.shift()
      for (const take of listeners) take(event)
    },
    send(socket, query, begin) {
      const since = readTime(query.get('since'))
      const until = readTime(query.get('until'))
      const isWanted = isAsked(container, query.get('filters'))
      begin()
      const form = { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' }
      socket.write(head(200, { ...identity, ...form, Date: new Date().toUTCString() }))
      const take = (event: PracticeEvent): void => {
        const time = event.timeNano / 1e6
        if (!isWanted || time < (since ?? 0) || time > (until ?? time)) return
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

/** An event, as it goes over the wire. */
function createEvent(
  { id, image, name }: Container,
  action: string,
  attributes: Readonly<Record<string, string>>,
) {
  const milliseconds = Date.now()
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

/** Whether filters let the events of the container through. */
function isAsked({ id, name }: Container, filters: string | null): boolean {
  const asked = Object.entries(JSON.parse(filters || '{}') as Record<string, object>)
  const values: Readonly<Record<string, readonly string[]>> = {
    type: ['container'],
    container: [id, id.slice(0, 12), name],
  }
  return asked.every(([key, given]) => {
    if (!values[key]) throw new Refusal(400, `the practice daemon has no filter '${key}'`)
    // Two forms are in use: a list of values, and an object with the values as keys.
    const wanted = Array.isArray(given) ? given.map(String) : Object.keys(given)
    return wanted.some((value) => values[key]?.includes(value))
  })
}

/** Seconds since 1970, with a fraction if there is one, as milliseconds. */
function readTime(text: string | null): number | undefined {
  if (text === null || text === '') return undefined
  const seconds = Number(text)
  if (!Number.isNaN(seconds)) return seconds * 1000
  throw new Refusal(400, `"${text}" is no number of seconds`)
}
