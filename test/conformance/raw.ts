/**
 * Speaks to a daemon in bytes: no HTTP library is between a check and the wire.
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
export type Sent = RequestParts &
  Pick<ExchangeOptions, 'input' | 'after' | 'halfClose'> & {
    /** How long a silence is before it counts as the end, in milliseconds. */
    readonly patience?: number
  }

/** Opens a connection. */
export async function dial({ host }: Target): Promise<Socket> {
  const socket = await connect(parseHost(host))
  socket.on('error', () => socket.destroy())
  return socket
}

/** Sends one request on a connection of its own. */
export function ask(target: Target, method: string, path: string, sent: Sent = {}): Promise<Said> {
  return send(target, requestText(method, path, sent), sent)
}

/** Sends bytes, and reads to the end, or to a silence. */
export async function send(
  { host }: Target,
  bytes: string,
  { patience = 5000, ...sent }: Sent = {},
): Promise<Said> {
  const waiting = { ...sent, quiet: patience, limit: patience }
  const { status, headers, body, end } = await exchange(parseHost(host), bytes, waiting)
  return {
    status: status === 0 ? '' : String(status),
    headers: new Map(Object.entries(headers)),
    rest: body,
    ended: end === 'ended' || end === 'broken',
  }
}

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
