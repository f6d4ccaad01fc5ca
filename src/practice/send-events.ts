/**
 * `GET /events`: the events of a time that is over, or on and on until the client leaves.
 *
 * @module
 */

import type { Socket } from 'node:net'
import type { Filters } from './container.ts'
import type { EventLog, PracticeEvent } from './event-log.ts'
import { head, identity, Refusal } from './response.ts'

/** Sends what is asked for; the connection is taken for it. */
export function sendEvents(
  socket: Socket,
  events: EventLog,
  asked: {
    readonly query: URLSearchParams
    readonly filters: Filters
    /** Called when the answer is certain to be a stream. */
    readonly begin: () => void
  },
): void {
  const since = readTime(asked.query.get('since'))
  const until = readTime(asked.query.get('until'))
  const isWanted = (event: PracticeEvent): boolean =>
    event.timeNano / 1e6 >= (since ?? 0) &&
    event.timeNano / 1e6 <= (until ?? Number.POSITIVE_INFINITY) &&
    matches(event, asked.filters)

  asked.begin()
  socket.write(
    head(200, {
      ...identity,
      'Content-Type': 'application/json',
      Date: new Date().toUTCString(),
      'Transfer-Encoding': 'chunked',
    }),
  )
  const send = (event: PracticeEvent): void => {
    if (!isWanted(event)) return
    const line = `${JSON.stringify(event)}\n`
    socket.write(`${Buffer.byteLength(line).toString(16)}\r\n${line}\r\n`)
  }
  if (since !== undefined || until !== undefined) for (const event of events.past()) send(event)

  const stop = events.listen(send)
  const end = (): void => {
    stop()
    clearTimeout(timer)
    if (!socket.writableEnded) socket.end('0\r\n\r\n')
  }
  const timer = setTimeout(end, Math.max(0, (until ?? Date.now() + 2 ** 31 - 1) - Date.now()))
  socket.on('end', end)
  socket.on('close', end)
  socket.resume()
}

/** Seconds since 1970, with a fraction if there is one, as milliseconds. */
function readTime(text: string | null): number | undefined {
  if (text === null || text === '') return undefined
  const seconds = Number(text)
  if (Number.isNaN(seconds)) {
    throw new Refusal(500, `strconv.ParseInt: parsing "${text}": invalid syntax`)
  }
  return seconds * 1000
}

function matches({ Action, id }: PracticeEvent, filters: Filters): boolean {
  const [action = ''] = Action.split(':')
  const tests: Readonly<Record<string, (value: string) => boolean>> = {
    type: (value) => value === 'container',
    container: (value) => value === 'practice' || id.startsWith(value),
    event: (value) => value === Action || value === action,
  }
  return Object.entries(filters).every(([key, values]) => values.some(tests[key] ?? (() => false)))
}
