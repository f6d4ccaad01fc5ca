/**
 * Serves one page and its updates to browsers on this machine.
 *
 * It listens on the loopback address. Every user of the machine can reach
 * that, so the path contains a random token. A foreign web page could reach
 * it through a host name that resolves to loopback (DNS rebinding), so the
 * Host header is checked. Both get the same 404.
 *
 * @module
 */

import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server-sent event. */
export type Message = {
  /** The event name. The default is `message`. */
  readonly event?: string
  readonly data: string
  /**
   * The number of the change. A reconnecting browser sends the last one it
   * saw.
   */
  readonly id?: number
}

/** The source of the server's content. */
export type LiveContent = {
  /** Renders what is new. */
  readonly update: () => void
  /** Returns the page at the last update. */
  readonly page: () => string
  /**
   * Returns the next message for a browser that has seen the change with this
   * number.
   */
  readonly messageSince: (revision: number) => Message | undefined
  /** The number of the last change. */
  readonly revision: () => number
}

/** A listening server. */
export type LiveServer = {
  readonly url: string
  /** Whether a browser is waiting for changes. */
  readonly hasReaders: () => boolean
  /** Sends each browser the changes it has not seen. */
  readonly send: () => void
  /** Sends each browser an `end` event and closes all connections. */
  readonly close: () => Promise<void>
}

/** A browser waiting for changes. */
type Reader = {
  readonly response: ServerResponse
  /** The number of the last change sent to it. */
  revision: number
}

/**
 * Headers of every response. The page itself has a policy for what it may
 * load and run.
 */
const headers = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/** How long a browser waits before it reconnects, in milliseconds. */
const retryAfter = 1000

/**
 * How long closing waits for browsers to receive the last message, in
 * milliseconds.
 */
const closeTimeout = 200

/** The limit on connections: more browsers than a classroom has. */
const maxConnections = 200

/** Starts the server. It does not keep the process alive. */
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
    if (!isLoopbackName(request.headers.host) || !isSame(given, token)) return refuse(response, 404)
    if (request.method !== 'GET') return refuse(response, 405, { Allow: 'GET' })
    const resource = rest.join('/')
    if (resource !== '' && resource !== 'changes') return refuse(response, 404)
    update()
    if (resource === '') return sendPage(response, page())
    admit(response, lastSeen(request, new URLSearchParams(query)))
  })
  server.maxConnections = maxConnections
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

  /**
   * A slow browser gets the next message only after it has received the
   * previous one.
   */
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
      const lastMessages = [...readers].map((reader) => {
        sendTo(reader)
        return new Promise<void>((resolve) => {
          reader.response.end(textOf({ event: 'end', data: '' }), resolve)
          reader.response.once('close', resolve)
        })
      })
      // This timer also keeps the process alive until the messages are sent.
      let timer: NodeJS.Timeout | undefined
      const timeout = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, closeTimeout)
      })
      await Promise.race([Promise.all(lastMessages), timeout])
      clearTimeout(timer)
      server.closeAllConnections()
    },
  }
}

/**
 * Whether the Host header is a name of the loopback address. Any port is
 * accepted, because ssh may forward from another one.
 */
function isLoopbackName(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host ?? '')
}

/** Compares in constant time. */
function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/**
 * Returns the last change a browser saw: from its header on reconnect, or
 * from the page's query.
 */
function lastSeen({ headers: asked }: IncomingMessage, query: URLSearchParams): number {
  const number = Number(asked['last-event-id'] ?? query.get('since') ?? 0)
  return Number.isSafeInteger(number) ? number : 0
}

function refuse(
  response: ServerResponse,
  status: 404 | 405,
  extra: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...headers, ...extra, Connection: 'close' })
  response.end()
}

function sendPage(response: ServerResponse, text: string): void {
  response.writeHead(200, { ...headers, 'Content-Type': 'text/html; charset=utf-8' })
  response.end(text)
}

/**
 * Returns the text of a server-sent event: named lines, then a blank line.
 */
function textOf({ event, data, id }: Message): string {
  const lines = [
    ...(event === undefined ? [] : [`event: ${event}`]),
    ...(id === undefined ? [] : [`id: ${id}`]),
    `data: ${data}`,
  ]
  return `${lines.join('\n')}\n\n`
}
