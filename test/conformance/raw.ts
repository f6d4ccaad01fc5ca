/**
 * Speaks to a daemon in bytes: neither an HTTP library nor the workbook's client is between a check
 * and the wire.
 *
 * @module
 */

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { bodyLengthOf, type Head, splitHead } from '../../src/stream/http.ts'
import { connectionOptions } from '../support/api.ts'

/** A daemon with a container in which commands can be run. */
export type Target = { readonly host: string; readonly container: string }

/** What came back. */
export type Said = {
  /** `404` */
  readonly status: string
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  /** All that stands behind the head, until the daemon ended or was silent for a while. */
  readonly rest: Buffer
  readonly ended: boolean
}

/** What to send, and how. */
export type Sent = {
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON; a string as it is. */
  readonly body?: object | string
  /** Sent behind the head of the answer. */
  readonly input?: string | Buffer
  /** Sends the input only when this has come: a key that nobody waits for yet is lost, or not. */
  readonly after?: string
  readonly halfClose?: boolean
  /** Waits so long, in milliseconds, before a silence counts as the end. */
  readonly patience?: number
}

/** Opens a connection. */
export async function dial({ host }: Target): Promise<Socket> {
  const socket = connect({ ...connectionOptions(host), allowHalfOpen: true } as never)
  socket.on('error', () => socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** Sends one request on a connection of its own. */
export async function ask(
  target: Target,
  method: string,
  path: string,
  { headers = {}, body, ...rest }: Sent = {},
): Promise<Said> {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  const fields = {
    Host: 'docker',
    ...(text !== undefined && { 'Content-Type': 'application/json' }),
    ...(text !== undefined && { 'Content-Length': String(Buffer.byteLength(text)) }),
    ...headers,
  }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  return send(target, `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text ?? ''}`, rest)
}

/** Sends bytes, and reads what comes. */
export async function send(
  target: Target,
  bytes: string,
  { input, after = '', halfClose = false, patience = 5000 }: Sent = {},
): Promise<Said> {
  const socket = await dial(target)
  try {
    socket.write(bytes)
    return await read(socket, patience, after, () => {
      if (input !== undefined) socket.write(input)
      if (halfClose) socket.end()
    })
  } finally {
    socket.destroy()
  }
}

/** Reads to the end, or to a silence. `then` is called once, when the head and the text are there. */
function read(socket: Socket, patience: number, text: string, then: () => void): Promise<Said> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0)
    let isDue = true
    const finish = (ended: boolean): void => {
      clearTimeout(timer)
      const { head, rest } = splitHead(bytes) ?? { head: nothing, rest: bytes }
      const headers = new Map(head.headers.map(([name, value]) => [name.toLowerCase(), value]))
      resolve({ status: head.firstLine.split(' ')[1] ?? '', headers, rest, ended })
    }
    let timer = setTimeout(finish, patience, false)
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk])
      const { head, rest } = splitHead(bytes) ?? { head: nothing, rest: undefined }
      if (isDue && rest?.includes(text)) {
        isDue = false
        then()
      }
      clearTimeout(timer)
      const length = bodyLengthOf(head, 'until the end')
      const isWhole = typeof length === 'number' && rest !== undefined && rest.length >= length
      timer = setTimeout(finish, isWhole ? 20 : patience, false)
    })
    socket.once('end', () => finish(true))
    socket.once('close', () => finish(true))
  })
}

/** Stands for a head that did not come. */
const nothing: Head = { firstLine: '', headers: [] }

/** Has an exec written down, and gives its ID. */
export async function create(target: Target, body: object, version = '/v1.41'): Promise<string> {
  const path = `${version}/containers/${target.container}/exec`
  const { rest } = await ask(target, 'POST', path, { body })
  return (JSON.parse(String(rest)) as { Id: string }).Id
}

/** Starts an exec, and reads its stream. */
export function start(
  target: Target,
  id: string,
  {
    version = '/v1.41',
    body = { Detach: false, Tty: false },
    headers,
    ...rest
  }: Sent & {
    readonly version?: string
  } = {},
): Promise<Said> {
  const upgrade = headers ?? { Connection: 'Upgrade', Upgrade: 'tcp' }
  return ask(target, 'POST', `${version}/exec/${id}/start`, { headers: upgrade, body, ...rest })
}

/** What an inspect says. */
export async function inspect(target: Target, id: string): Promise<Record<string, unknown>> {
  const { rest } = await ask(target, 'GET', `/v1.41/exec/${id}/json`)
  return JSON.parse(String(rest)) as Record<string, unknown>
}

/** `stdout "out\n", stderr "err\n"`: the payloads of frames, those of one stream together. */
export function frames(bytes: Buffer): string {
  const names = ['stdin', 'stdout', 'stderr', 'system error']
  const streams = new Map<string, Buffer[]>()
  let at = 0
  while (at + 8 <= bytes.length) {
    const length = bytes.readUInt32BE(at + 4)
    const name = names[bytes[at] ?? 9] ?? `stream ${bytes[at]}`
    streams.set(name, [...(streams.get(name) ?? []), bytes.subarray(at + 8, at + 8 + length)])
    at += 8 + length
  }
  const shown = [...streams]
    .map(([name, parts]) => `${name} ${JSON.stringify(Buffer.concat(parts).toString())}`)
    .sort()
  if (at !== bytes.length) shown.push(`${bytes.length - at} bytes that are no frame`)
  return shown.join(', ') || 'nothing'
}

/** `404 No such container: nope`: the status and the daemon's sentence. */
export function verdict({ status, rest }: Said): string {
  let words = String(rest).trim()
  try {
    const { message } = JSON.parse(words) as { message?: string }
    words = message ?? 'JSON'
  } catch {
    // It is no JSON: shown as it is.
  }
  return `${status} ${words}`.trim()
}
