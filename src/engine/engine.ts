/**
 * Talks to a Docker engine: ordinary requests on one connection, and on a second one the
 * request that is taken away from HTTP.
 *
 * @module
 */

import type { Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import type { Client, Dispatcher } from 'undici'
import UndiciClient from 'undici/lib/dispatcher/client.js'
import { codeOf, type Failure } from '../process/failure.ts'
import type { EventLog } from '../tape/recorder.ts'
import type { DockerConfig } from './config-file.ts'
import { explainError } from './error-sentences.ts'
import { logConnection } from './http-log.ts'
import { type Address, hostOf } from './parse-host.ts'
import { dial, type SocketLog } from './socket.ts'

/** The newest version of the API that the workbook knows. */
export const newestApiVersion = '1.50'

/** The workbook's own version, as the User-Agent tells it. */
const userAgent = `docker-exec-workbook/0.1.0 (${process.platform})`

/** A daemon's answer. */
export type Reply = {
  /** The HTTP status: 201, 404, 101. */
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The body as text; empty behind a 101. */
  readonly body: string
}

/** The methods of the requests that we send. */
export type Method = 'GET' | 'POST' | 'DELETE'

/** A daemon that we can talk to. */
export type Engine = {
  /** How docker writes its address: `unix:///var/run/docker.sock`. */
  readonly host: string
  /** What it says it is: `Docker`, `Libpod`. Empty if it does not say. */
  readonly product: string
  /** Its own version: `28.5.2`. */
  readonly version: string
  /** The version of the API that we speak with it, the `1.41` in every path. */
  readonly apiVersion: string
  /** The user's docker configuration, as far as an exec needs it. */
  readonly config: DockerConfig
  /**
   * Sends a request and waits for the whole answer, whatever its status.
   *
   * @param path - without the version: `/containers/box/exec`
   * @param body - sent as JSON
   * @param onData - gets the body in pieces instead, for an answer that takes minutes
   */
  readonly request: (
    method: Method,
    path: string,
    body?: unknown,
    onData?: (piece: string) => void,
  ) => Promise<Reply>
  /**
   * Opens an HTTP client on a connection of its own, for the one request that will not give its
   * connection back. Nothing else uses it; `client.destroy()` closes it.
   */
  readonly openClient: () => Client
  /**
   * What every request to the daemon has in common, completed for one with a JSON body: the path
   * with the API version before it, the headers, the body as text.
   *
   * @param path - without the version: `/exec/fc9c…/start`
   */
  readonly jsonRequest: (
    method: Method,
    path: string,
    body: unknown,
  ) => Pick<Dispatcher.DispatchOptions, 'method' | 'path' | 'headers' | 'body'>
  /** Says in docker's words why a request got no answer. The system's own error is the cause. */
  readonly explain: (error: Error, request: Dispatcher.DispatchOptions) => Failure
  /** The sockets of those clients that are not closed yet. */
  readonly hijackable: ReadonlySet<Socket>
  /** Closes every connection to the daemon. */
  readonly close: () => Promise<void>
}

/** What it takes to find a daemon. */
export type EngineOptions = {
  readonly environment: NodeJS.ProcessEnv
  /** Gets a line that the person should read and that stops nothing. */
  readonly warn: (line: string) => void
  /** Gets what goes over the wire. Without it nothing is recorded, and nothing is copied for it. */
  readonly record?: EventLog | undefined
  /** How many milliseconds the daemon has for its first answer. Without it we wait, as docker does. */
  readonly timeout?: number
  /**
   * What follows where the first question gets no answer. docker goes on, so that what it says at
   * last is about the request that somebody asked for.
   */
  readonly idleTimeout?: 'is a failure' | 'goes on'
}

/**
 * Asks the daemon at an address for its version and settles on the lower one of its newest and ours.
 *
 * `HEAD /_ping` is the one request whose path has no version, because it is there to find that
 * out. DOCKER_API_VERSION fixes the version instead, and the daemon is not asked.
 *
 * @throws a {@link Failure} if there is no daemon at the address
 */
export async function connectTo(
  address: Address,
  config: DockerConfig,
  options: Omit<EngineOptions, 'warn'>,
): Promise<Engine> {
  const {
    environment,
    record,
    timeout: patience = 0,
    idleTimeout: silence = 'is a failure',
  } = options
  const client = openClient(address, record && (() => logConnection(1, record)))
  const headers = { ...withoutOwnHeaders(config.httpHeaders), 'User-Agent': userAgent }

  // `v1.41` is read as `1.41`.
  const fixed = encodeURI((environment.DOCKER_API_VERSION ?? '').replace(/^v/, ''))
  let server = ''
  let newest = newestApiVersion
  // Whoever tries an address that nobody has named must ask who is there, in any case.
  if (!fixed || patience > 0) {
    const path = `${basePath(address)}/_ping`
    const ping = await send(
      client,
      // undici closes the connection behind a HEAD unless it is told not to.
      { method: 'HEAD', path, headers, reset: false, headersTimeout: patience },
      address,
    ).catch((error: unknown) => {
      if (silence === 'goes on') return undefined
      client.destroy()
      throw error
    })
    server = ping?.headers.server ?? ''
    newest = ping?.headers['api-version'] ?? newest
  }
  const apiVersion = fixed || lowerVersion(newest, newestApiVersion)
  const prefix = `${basePath(address)}/v${apiVersion}`
  const [, product = '', version = ''] = /^([^/]*)\/(\S*)/.exec(server) ?? []
  const hijackable = new Set<Socket>()
  const jsonRequest = (method: Method, path: string, body: unknown) => ({
    method,
    path: prefix + path,
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: `${JSON.stringify(body)}\n`,
  })

  return {
    host: address.host,
    product,
    version,
    apiVersion,
    config,
    request(method, path, body, onData) {
      const plain = { method, path: prefix + path, headers }
      const options = body === undefined ? plain : jsonRequest(method, path, body)
      return send(client, options, address, onData).catch((error: unknown) => {
        // A connection that was idle may be closed at the very moment at which it is used again. A
        // question may be asked twice, so it is asked once more, on a new connection, as Go does.
        if (method !== 'GET' || !wasClosed(error)) throw error
        return send(client, options, address, onData)
      })
    },
    openClient: () => openClient(address, record && (() => logConnection(2, record)), hijackable),
    hijackable,
    jsonRequest,
    explain: (error, request) => explainError(error, address, request),
    async close() {
      for (const socket of hijackable) socket.destroy()
      await client.destroy()
    },
  }
}

/** Whether the other side closed a connection before it had answered. */
function wasClosed(error: unknown): boolean {
  const { cause } = error as Error
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(codeOf(cause))
}

/**
 * Headers of the user's configuration go in before ours, so that they can add to ours but not
 * replace them: a proxy's token is fine, another Content-Type would break every request. Names
 * of headers know no case, so `user-agent` must go as well.
 */
function withoutOwnHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const ours = ['user-agent', 'content-type', 'content-length', 'connection', 'upgrade', 'host']
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !ours.includes(name.toLowerCase()))
      // undici writes a byte for a character, and docker writes UTF-8.
      .map(([name, value]) => [name, Buffer.from(value).toString('latin1')]),
  )
}

function basePath(address: Address): string {
  return address.kind === 'tcp' ? address.basePath : ''
}

/** `1.9` is lower than `1.41`: the parts are numbers. */
function lowerVersion(one: string, other: string): string {
  const minor = (version: string): number => Number(version.split('.')[1])
  return minor(one) < minor(other) ? one : other
}

/**
 * Makes a client. It dials again if its connection was closed meanwhile.
 *
 * @param startLog - makes the log of each socket
 * @param open - keeps the socket for as long as it is open
 */
function openClient(
  address: Address,
  startLog: (() => SocketLog) | undefined,
  open = new Set<Socket>(),
): Client {
  // Starting is most of what a short exec costs, and undici's parser is WebAssembly. V8 would
  // compile it a second time in the background, optimized, and leaving would wait for that. The
  // first compiler's code is good enough for five answers, so the second one is switched off
  // before undici compiles its parser, which it does when it has a connection.
  setFlagsFromString('--liftoff-only')
  const origin = address.kind === 'tcp' ? `http://${hostOf(address)}` : localOrigin
  return new UndiciClient(origin, {
    // As the docker client: an idle connection is kept for 30 s, and no answer is too late.
    keepAliveTimeout: 30_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect(_, callback) {
      const socket = dial(address, startLog?.())
      open.add(socket)
      socket.once('close', () => open.delete(socket))
      socket.once('error', (error) => callback(error, null))
      socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => {
        socket.removeAllListeners('error')
        // Over TLS a refusal comes as an error and then an end; undici would report the end.
        socket.once('error', (error) => socket.destroy(error))
        callback(null, socket)
      })
    },
  })
}

/** HTTP wants a host even where a file is the address. This is the name docker gives it. */
const localOrigin = 'http://api.moby.localhost'

function send(
  client: Client,
  options: Dispatcher.DispatchOptions,
  address: Address,
  onData?: (piece: string) => void,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let status = 0
    let headers: Record<string, string> = {}
    const body: Buffer[] = []
    client.dispatch(options, {
      onRequestStart() {},
      onResponseStart(_, answered, fields) {
        status = answered
        headers = flat(fields)
      },
      onResponseData(_, piece) {
        // The pieces are a success told bit by bit; a refusal is one sentence, and is kept whole.
        if (onData && status < 300) onData(piece.toString())
        else body.push(piece)
      },
      onResponseEnd() {
        resolve({ status, headers, body: Buffer.concat(body).toString() })
      },
      onResponseError(_, error) {
        reject(explainError(error, address, options))
      },
    })
  })
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value ?? '')]),
  )
}
