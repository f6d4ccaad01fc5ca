/**
 * One request to a daemon as bytes, and its answer as the bytes came. No HTTP client touches it, so
 * that a request can be wrong on purpose, and that it shows in which packet something arrived.
 *
 * @module
 */

import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Address } from '../engine/parse-host.ts'
import { dial } from '../engine/socket.ts'
import { Failure } from '../process/failure.ts'
import { bodyLengthOf, type SplitHead, splitHead } from '../stream/http.ts'

/** What a request has besides its method and its path. */
export type RequestParts = {
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON, a text as it is. */
  readonly body?: object | string
}

/** The text of a request. Headers that are given replace those that it would have. */
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

/** What came back. */
export type Exchange = {
  /** `101`, or 0 if no answer came. */
  readonly status: number
  /** `HTTP/1.1 101 UPGRADED` */
  readonly statusLine: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** What each read brought, the head of the answer in the first. */
  readonly packets: readonly Buffer[]
  /** Everything after the head, as it came. Without a head everything that came. */
  readonly body: Buffer
  /** The daemon's end, a broken connection, all of what was announced or wanted, or a silence. */
  readonly end: 'ended' | 'broken' | 'complete' | 'silent'
}

/** What to do after the head of the answer, and how long to read. */
export type ExchangeOptions = {
  /** Sent as soon as the head is here, and what `after` names. */
  readonly input?: string | Uint8Array
  /** The input waits until this has come: a key that nobody reads yet is lost, or not. */
  readonly after?: string
  /** Half-closes the connection after the input. */
  readonly halfClose?: boolean
  /** Stops reading as soon as what follows the head satisfies this. */
  readonly until?: (body: Buffer) => boolean
  /** A silence of so many milliseconds after the head counts as the end. */
  readonly quiet?: number
  /** How long the answer may take, in milliseconds. */
  readonly limit: number
}

/** Sends a text on a connection of its own, and reads what comes. How it ended is a finding. */
export async function exchange(
  address: Address,
  text: string,
  waiting: ExchangeOptions,
): Promise<Exchange> {
  const socket = await connect(address)
  try {
    socket.write(text)
    return await readExchange(socket, waiting)
  } finally {
    socket.destroy()
  }
}

/**
 * Dials, and waits until the connection is there.
 *
 * @throws a Failure if it does not come
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
 * Sends a text on a connection of its own, and takes the connection over when the daemon says 101.
 * What came with the head of the answer is put back, and is what the socket reads first.
 *
 * @throws a Failure at any other answer, and if there is none
 */
export async function takeOver(address: Address, text: string, limit: number): Promise<Socket> {
  const socket = await connect(address)
  try {
    socket.write(text)
    const status = statusOf(await readHead(socket, limit))
    if (status !== 101) throw new Failure(`the daemon answered ${status} to the start`)
    return socket
  } catch (error) {
    socket.destroy()
    if (error instanceof Failure) throw error
    throw new Failure(`the daemon gave no answer to the start: ${(error as Error).message}`)
  }
}

/** Reads the head of an answer and no more, and gives its first line. */
async function readHead(socket: Socket, limit: number): Promise<string> {
  const signal = AbortSignal.timeout(limit)
  let bytes = Buffer.alloc(0)
  for (;;) {
    // Unlike `data` this leaves the socket as it was: whoever takes it decides when it flows.
    await once(socket, 'readable', { signal })
    const piece: Buffer | null = socket.read()
    if (!piece) throw new Failure('the daemon ended the connection without an answer')
    bytes = Buffer.concat([bytes, piece])
    const answer = splitHead(bytes)
    if (!answer) continue
    if (answer.rest.length > 0) socket.unshift(answer.rest)
    return answer.head.firstLine
  }
}

/** How long we look for more after an answer that is whole, in milliseconds. */
const afterWhole = 20

function readExchange(
  socket: Socket,
  { input, after = '', halfClose, until, quiet, limit }: ExchangeOptions,
): Promise<Exchange> {
  const packets: Buffer[] = []
  let isDue = true
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
      if (isDue && answer.rest.includes(after)) {
        isDue = false
        if (input !== undefined) socket.write(input)
        if (halfClose) socket.end()
      }
      if (until?.(answer.rest)) finish('complete')
      else if (isWhole(answer)) waitFor(afterWhole, 'complete')
      else if (quiet !== undefined) waitFor(quiet, 'silent')
    }
    socket.on('data', onData)
    socket.once('end', () => finish('ended'))
    socket.once('error', () => finish('broken'))
    socket.once('close', () => finish('broken'))
  })
}

/** Whether a body of an announced length has come. After a 101 none is announced. */
function isWhole({ head, rest }: SplitHead): boolean {
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
