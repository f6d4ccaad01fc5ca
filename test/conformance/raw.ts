/**
 * Talks to a daemon in bytes, with no HTTP library between a check and the
 * wire.
 *
 * @module
 */

import type { Socket } from 'node:net'
import { parseHost } from '../../src/engine/parse-host.ts'
import {
  connect,
  type ExchangeOptions,
  exchange,
  type RequestParts,
  requestText,
} from '../../src/exec/request.ts'

/** A daemon, and a running container on it. */
export type Target = { readonly host: string; readonly container: string }

/** The daemon's reply. */
export type Reply = {
  /** The status code as text: `404`. Empty if there was no HTTP answer. */
  readonly status: string
  /** The headers, with names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  /** Everything after the head, until the daemon closed or went silent. */
  readonly rest: Buffer
  readonly ended: boolean
}

/** Options for a request. */
export type RequestOptions = RequestParts &
  Pick<ExchangeOptions, 'input' | 'after' | 'halfClose' | 'unreadFor'> & {
    /** How long a silence counts as the end of the reply, in milliseconds. */
    readonly silence?: number
  }

/** Opens a connection. */
export async function dial({ host }: Target): Promise<Socket> {
  const socket = await connect(parseHost(host))
  socket.on('error', () => socket.destroy())
  return socket
}

/** Sends one request on a new connection. */
export function ask(
  target: Target,
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<Reply> {
  return send(target, requestText(method, path, options), options)
}

/** Sends bytes, and reads until the daemon closes or goes silent. */
export async function send(
  { host }: Target,
  bytes: string,
  { silence = 5000, ...rest }: RequestOptions = {},
): Promise<Reply> {
  const options = { ...rest, quiet: silence, limit: silence }
  const { status, headers, body, end } = await exchange(parseHost(host), bytes, options)
  return {
    status: status === 0 ? '' : String(status),
    headers: new Map(Object.entries(headers)),
    rest: body,
    ended: end === 'ended' || end === 'broken',
  }
}

/** Creates an exec, and returns its ID. */
export async function create(target: Target, body: object, version = '/v1.41'): Promise<string> {
  const path = `${version}/containers/${target.container}/exec`
  const { rest } = await ask(target, 'POST', path, { body })
  return (JSON.parse(String(rest)) as { Id: string }).Id
}

/** Starts an exec, and reads its output. */
export function start(
  target: Target,
  id: string,
  {
    version = '/v1.41',
    body = { Detach: false, Tty: false },
    headers,
    ...rest
  }: RequestOptions & {
    readonly version?: string
  } = {},
): Promise<Reply> {
  const upgrade = headers ?? { Connection: 'Upgrade', Upgrade: 'tcp' }
  return ask(target, 'POST', `${version}/exec/${id}/start`, { headers: upgrade, body, ...rest })
}

/** Inspects an exec. */
export async function inspect(target: Target, id: string): Promise<Record<string, unknown>> {
  const { rest } = await ask(target, 'GET', `/v1.41/exec/${id}/json`)
  return JSON.parse(String(rest)) as Record<string, unknown>
}

/**
 * Prints the payloads of frames, joined by stream:
 * `stdout "out\n", stderr "err\n"`.
 */
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
  if (at < bytes.length) shown.push(`${bytes.length - at} bytes outside a frame`)
  if (at > bytes.length) shown.push(`${at - bytes.length} bytes of the last frame missing`)
  return shown.join(', ') || 'nothing'
}

/**
 * Prints the status and the daemon's message: `404 No such container: nope`.
 */
export function verdict({ status, rest }: Reply): string {
  let words = String(rest).trim()
  try {
    const { message } = JSON.parse(words) as { message?: string }
    words = message ?? 'JSON'
  } catch {
    // It isn't JSON, so print it unchanged.
  }
  return `${status} ${words}`.trim()
}
