/**
 * Sends a request to a daemon as raw bytes and returns the raw answer.
 * Without an HTTP client in between, a request can be wrong on purpose, and
 * every read stays visible.
 *
 * @module
 */

import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Address } from '../engine/parse-host.ts'
import { dial } from '../engine/socket.ts'
import { Failure } from '../process/failure.ts'
import { bodyLengthOf, type SplitHead, splitHead } from '../stream/http.ts'

/** The headers and body of a request. */
export type RequestParts = {
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON, a string unchanged. */
  readonly body?: object | string
}

/** The text of a request. The given headers override the default ones. */
export function requestText(
  method: string,
  path: string,
  { headers = {}, body }: RequestParts = {},
): string {
  const text = typeof body === 'object' ? JSON.stringify(body) : (body ?? '')
  const fields = {
    Host: 'docker',
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
    'Content-Length': String(Buffer.byteLength(text)),
    ...headers,
  }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text}`
}

/** The answer to a request. */
export type Exchange = {
  /** `101`, or 0 without an answer. */
  readonly status: number
  /** `HTTP/1.1 101 UPGRADED` */
  readonly statusLine: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The bytes of each read. */
  readonly packets: readonly Buffer[]
  /** The raw bytes after the head, or all bytes if there was no head. */
  readonly body: Buffer
  /**
   * Why the reading stopped: EOF, an error, all expected bytes, or a timeout.
   */
  readonly end: 'ended' | 'broken' | 'complete' | 'silent'
}

/** What to do after the head of the answer, and how long to read. */
export type ExchangeOptions = {
  /** Bytes to send once the head and the text of `after` have arrived. */
  readonly input?: string | Uint8Array
  /** The text to wait for before sending the input. */
  readonly after?: string
  /** Whether to half-close the connection after the input. */
  readonly halfClose?: boolean
  /** For how many milliseconds the answer is left unread. */
  readonly unreadFor?: number
  /** Stops reading once the bytes after the head satisfy this. */
  readonly until?: (body: Buffer) => boolean
  /** After how many milliseconds without data the reading stops. */
  readonly quiet?: number
  /** How long to wait for the answer, in milliseconds. */
  readonly limit: number
}

/**
 * Sends a text on its own connection and reads the answer. A broken
 * connection doesn't throw.
 */
export async function exchange(
  address: Address,
  text: string,
  waiting: ExchangeOptions,
): Promise<Exchange> {
  const socket = await connect(address)
  try {
    socket.write(text)
    if (waiting.unreadFor) await wait(waiting.unreadFor)
    return await readExchange(socket, waiting)
  } finally {
    socket.destroy()
  }
}

/**
 * Opens a connection.
 *
 * @throws a Failure if it cannot be opened
 */
export async function connect(address: Address): Promise<Socket> {
  const socket = dial(address, undefined)
  await new Promise<void>((resolve, reject) => {
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', resolve)
    socket.once('error', (error) => {
      reject(new Failure(`cannot connect to the daemon at ${address.host}: ${error.message}`))
    })
  })
  return socket
}

/**
 * Sends a text on its own connection and hijacks the connection after a 101.
 * Bytes that arrived with the head are put back, so the socket's first read
 * returns them.
 *
 * @throws a Failure for any other status, and if there is no answer
 */
export async function takeOver(address: Address, text: string, limit: number): Promise<Socket> {
  const socket = await connect(address)
  try {
    socket.write(text)
    const status = statusOf(await readHead(socket, limit))
    if (status !== 101) throw new Failure(`the daemon answered the start with ${status}, not 101`)
    return socket
  } catch (error) {
    socket.destroy()
    if (error instanceof Failure) throw error
    throw new Failure(`the daemon did not answer the start: ${(error as Error).message}`)
  }
}

/** Reads only the head of an answer, and returns its first line. */
async function readHead(socket: Socket, limit: number): Promise<string> {
  const signal = AbortSignal.timeout(limit)
  let bytes = Buffer.alloc(0)
  for (;;) {
    // Unlike `data`, this leaves the socket paused for its next reader.
    await once(socket, 'readable', { signal })
    const piece: Buffer | null = socket.read()
    if (!piece) throw new Failure('the daemon closed the connection without an answer')
    bytes = Buffer.concat([bytes, piece])
    const answer = splitHead(bytes)
    if (!answer) continue
    if (answer.rest.length > 0) socket.unshift(answer.rest)
    return answer.head.firstLine
  }
}

/**
 * How long we wait for more bytes after a complete answer, in milliseconds.
 */
const completeDelay = 20

function readExchange(
  socket: Socket,
  { input, after = '', halfClose, until, quiet, limit }: ExchangeOptions,
): Promise<Exchange> {
  const packets: Buffer[] = []
  let isInputPending = true
  return new Promise((resolve) => {
    const finish = (end: Exchange['end']): void => {
      clearTimeout(timer)
      socket.off('data', onData)
      resolve({ ...exchangeIn(packets), packets, end })
    }
    let timer = setTimeout(finish, limit, 'silent')
    const waitFor = (milliseconds: number, end: Exchange['end']): void => {
      clearTimeout(timer)
      timer = setTimeout(finish, milliseconds, end)
    }
    const onData = (chunk: Buffer): void => {
      packets.push(chunk)
      const answer = splitHead(Buffer.concat(packets))
      if (!answer) return
      if (isInputPending && answer.rest.includes(after)) {
        isInputPending = false
        if (input !== undefined) socket.write(input)
        if (halfClose) socket.end()
      }
      if (until?.(answer.rest)) finish('complete')
      else if (isComplete(answer)) waitFor(completeDelay, 'complete')
      else if (quiet !== undefined) waitFor(quiet, 'silent')
    }
    socket.on('data', onData)
    socket.once('end', () => finish('ended'))
    socket.once('error', () => finish('broken'))
    socket.once('close', () => finish('broken'))
  })
}

/**
 * Whether a body with a known length is complete. After a 101 there is no
 * length.
 */
function isComplete({ head, rest }: SplitHead): boolean {
  const length = bodyLengthOf(head, 'until the end')
  return typeof length === 'number' && statusOf(head.firstLine) !== 101 && rest.length >= length
}

function statusOf(statusLine: string): number {
  return Number(statusLine.split(' ')[1] ?? 0)
}

function exchangeIn(packets: readonly Buffer[]): Omit<Exchange, 'packets' | 'end'> {
  const bytes = Buffer.concat(packets)
  const { head, rest } = splitHead(bytes) ?? { head: { firstLine: '', headers: [] }, rest: bytes }
  return {
    status: statusOf(head.firstLine),
    statusLine: head.firstLine,
    headers: Object.fromEntries(
      head.headers.map(([name, value]) => [name.toLowerCase(), value] as const),
    ),
    body: rest,
  }
}
