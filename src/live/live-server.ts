/**
 * A server for one page and what changes on it, for the browsers of this machine alone.
 *
 * It listens on the loopback address. Every user of the machine can reach that, so the path has a
 * token that nobody guesses; a page of somebody else's that a browser here shows can reach it too, under
 * a name of its own that leads here, so the name is looked at. Neither learns that anything is here.
 *
 * @module
 */

import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server sends, as server-sent events. */
export type Message = {
  /** `message` unless it says otherwise. */
  readonly event?: string
  readonly data: string
  /** The number of the change. A browser that comes again says which one it saw last. */
  readonly id?: number
}

/** What the server is asked for. */
export type LiveContent = {
  /** Makes what is new. */
  readonly update: () => void
  /** The page as it was at the last update. */
  readonly page: () => string
  /** What a browser that has seen the change with this number has to hear next, if anything. */
  readonly messageSince: (revision: number) => Message | undefined
  /** The number of the last change. */
  readonly revision: () => number
}

/** A server that listens. */
export type LiveServer = {
  readonly url: string
  /** Whether a browser is waiting for changes. */
  readonly hasReaders: () => boolean
  /** Sends every browser what it has not heard yet. */
  readonly send: () => void
  /** Says goodbye to every browser, and closes all connections. */
  readonly close: () => Promise<void>
}

/** A browser that waits for changes. */
type Reader = {
  readonly response: ServerResponse
  /** The number of the last change that it was sent. */
  revision: number
}

/** Every answer has them. The page has a policy of its own for what it may load and run. */
const headers = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/** How long a browser that has lost the connection waits before it comes again, in milliseconds. */
const retryAfter = 1000

/** How long a browser has to take the last words, in milliseconds. */
const closeTimeout = 200

/** More browsers than these are not in a room. */
const mostConnections = 200

/** Starts the server. It keeps no process alive. */
export async function serveLive({
  update,
  page,
  messageSince,
  revision,
}: LiveContent): Promise<LiveServer> {
  const token = randomBytes(16).toString('hex')
  const readers = new Set<Reader>()

  const server = createServer((request, response) => {
    const [path = '', query] = (request.url ?? '').split('?')
    const [, given = '', ...rest] = path.split('/')
    if (!isOurName(request.headers.host) || !isSame(given, token)) return refuse(response, 404)
    if (request.method !== 'GET') return refuse(response, 405, { Allow: 'GET' })
    const resource = rest.join('/')
    if (resource !== '' && resource !== 'changes') return refuse(response, 404)
    update()
    if (resource === '') return sendPage(response, page())
    admit(response, lastSeen(request, new URLSearchParams(query)))
  })
  server.maxConnections = mostConnections
  server.on('connection', (socket) => socket.unref())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  server.unref()

  function admit(response: ServerResponse, seen: number): void {
    const reader: Reader = { response, revision: seen }
    readers.add(reader)
    response.on('close', () => readers.delete(reader))
    response.on('drain', () => sendTo(reader))
    response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream' })
    response.write(`retry: ${retryAfter}\n\n`)
    sendTo(reader)
  }

  /** A browser that is slow gets nothing more until it has taken what was sent, and then all at once. */
  function sendTo(reader: Reader): void {
    if (reader.response.writableNeedDrain) return
    const message = messageSince(reader.revision)
    if (!message) return
    reader.revision = revision()
    reader.response.write(textOf(message))
  }

  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/${token}`,
    hasReaders: () => readers.size > 0,
    send() {
      for (const reader of readers) sendTo(reader)
    },
    async close() {
      server.close()
      const farewells = [...readers].map((reader) => {
        sendTo(reader)
        return new Promise<void>((resolve) => {
          reader.response.end(textOf({ event: 'end', data: '' }), resolve)
          reader.response.once('close', resolve)
        })
      })
      // Nothing else keeps the process alive until the words are out.
      let timer: NodeJS.Timeout | undefined
      const longEnough = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, closeTimeout)
      })
      await Promise.race([Promise.all(farewells), longEnough])
      clearTimeout(timer)
      server.closeAllConnections()
    },
  }
}

/**
 * Whether a browser asks for this machine under one of its own names. Any port will do: a port that was
 * forwarded by ssh has another number at the other end.
 */
function isOurName(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host ?? '')
}

/** Compares in a time that does not tell how much is right. */
function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** What a browser saw last: it says so itself when it comes again, and the page says it at first. */
function lastSeen({ headers: asked }: IncomingMessage, query: URLSearchParams): number {
  const number = Number(asked['last-event-id'] ?? query.get('since') ?? 0)
  return Number.isSafeInteger(number) ? number : 0
}

function refuse(
  response: ServerResponse,
  status: 404 | 405,
  more: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...headers, ...more, Connection: 'close' })
  response.end()
}

function sendPage(response: ServerResponse, text: string): void {
  response.writeHead(200, { ...headers, 'Content-Type': 'text/html; charset=utf-8' })
  response.end(text)
}

/** A message as a browser reads it: lines with names, and an empty line. */
function textOf({ event, data, id }: Message): string {
  const lines = [
    ...(event === undefined ? [] : [`event: ${event}`]),
    ...(id === undefined ? [] : [`id: ${id}`]),
    `data: ${data}`,
  ]
  return `${lines.join('\n')}\n\n`
}
