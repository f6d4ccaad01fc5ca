/**
 * Talks to a Docker engine: one connection for ordinary requests, and a
 * second one for the request that hijacks its connection.
 *
 * @module
 */

import type { Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import type { Client, Dispatcher } from 'undici'
import UndiciClient from 'undici/lib/dispatcher/client.js'
import { codeOf, type Failure } from '../process/failure.ts'
import type { EventLog } from '../tape/recorder.ts'
import { printableLine } from '../text/printable.ts'
import type { DockerConfig } from './config-file.ts'
import { explainError } from './error-sentences.ts'
import { logConnection } from './http-log.ts'
import { type Address, hostOf } from './parse-host.ts'
import { dial, type SocketLog } from './socket.ts'
import { sshOrigin } from './ssh.ts'

/** The newest API version that the workbook supports. */
export const newestApiVersion = '1.50'

/** The User-Agent header, with the workbook's version. */
const userAgent = `docker-exec-workbook/0.1.0 (${process.platform})`

/** A daemon's response. */
export type Reply = {
  /** The HTTP status: 201, 404, 101. */
  readonly status: number
  /** By name, in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The body as text; empty after a 101. */
  readonly body: string
}

/** The methods of the requests that we send. */
export type Method = 'GET' | 'POST' | 'DELETE'

/** A daemon that we can talk to. */
export type Engine = {
  /** The address in docker's form: `unix:///var/run/docker.sock`. */
  readonly host: string
  /**
   * The product in its Server header: `Docker`, `Libpod`. Empty if it sends
   * none.
   */
  readonly product: string
  /** The product's version: `28.5.2`. */
  readonly version: string
  /**
   * The API version that we use with it, such as the `1.41` in every path.
   */
  readonly apiVersion: string
  /** The parts of the user's docker configuration that an exec needs. */
  readonly config: DockerConfig
  /**
   * Sends a request and waits for the complete response, whatever its status.
   *
   * @param path - without the version: `/containers/box/exec`
   * @param body - sent as JSON
   * @param onData - receives the body in pieces instead, for a response that
   * takes minutes
   */
  readonly request: (
    method: Method,
    path: string,
    body?: unknown,
    onData?: (piece: string) => void,
  ) => Promise<Reply>
  /**
   * Opens an HTTP client on a new connection, for the one request that
   * hijacks it. No other request uses this connection; `client.destroy()`
   * closes it.
   */
  readonly openClient: () => Client
  /**
   * Builds a request with a JSON body: adds the API version to the path, sets
   * the headers and serializes the body.
   *
   * @param path - without the version: `/exec/fc9c…/start`
   */
  readonly jsonRequest: (
    method: Method,
    path: string,
    body: unknown,
  ) => Pick<Dispatcher.DispatchOptions, 'method' | 'path' | 'headers' | 'body'>
  /**
   * Explains in docker's words why a request got no response. The system's
   * error is the cause.
   */
  readonly explain: (error: Error, request: Dispatcher.DispatchOptions) => Failure
  /** The open sockets of those clients. */
  readonly hijackable: ReadonlySet<Socket>
  /** Closes every connection to the daemon. */
  readonly close: () => Promise<void>
}

/** Options for connecting to a daemon. */
export type EngineOptions = {
  readonly environment: NodeJS.ProcessEnv
  /** Receives a warning for the user. The work goes on. */
  readonly warn: (line: string) => void
  /** Records what goes over the wire. Without it, no bytes are copied. */
  readonly record?: EventLog | undefined
  /**
   * How long the daemon has for its first response, in milliseconds. By
   * default there is no limit.
   */
  readonly timeout?: number
  /**
   * What to do if the ping gets no response. docker goes on, so its error
   * names the request that the user asked for.
   */
  readonly onNoAnswer?: 'fail' | 'go on'
}

/**
 * Asks the daemon at an address for its API version, and uses the lower one
 * of that and ours.
 *
 * `HEAD /_ping` is the one request without a version in its path, because its
 * response tells us the version. If DOCKER_API_VERSION is set, we use that
 * one and don't ask.
 *
 * @throws a {@link Failure} if no daemon answers at the address
 */
export async function connectTo(
  address: Address,
  config: DockerConfig,
  options: Omit<EngineOptions, 'warn'>,
): Promise<Engine> {
  const { environment, record, timeout = 0, onNoAnswer = 'fail' } = options
  const client = openClient(address, record && (() => logConnection(1, record)))
  const headers = { ...withoutOwnHeaders(config.httpHeaders), 'User-Agent': userAgent }

  // Accept `v1.41` for `1.41`.
  const fixed = encodeURI((environment.DOCKER_API_VERSION ?? '').replace(/^v/, ''))
  let server = ''
  let newest = newestApiVersion
  // For an address that the user did not name, we must ping to find out what
  // answers there.
  if (!fixed || timeout > 0) {
    const path = `${basePath(address)}/_ping`
    const ping = await send(
      client,
      // undici closes the connection after a HEAD unless `reset` is false.
      { method: 'HEAD', path, headers, reset: false, headersTimeout: timeout },
      address,
    ).catch((error: unknown) => {
      if (onNoAnswer === 'go on') return undefined
      client.destroy()
      throw error
    })
    // Both are shown in sentences, and a header may carry control characters.
    server = printableLine(ping?.headers.server ?? '')
    newest = printableLine(ping?.headers['api-version'] ?? newest)
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
        // The daemon may close an idle connection at the moment when we reuse
        // it. A GET is safe to repeat, so we retry it on a new connection, as
        // Go does.
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

/** Whether the peer closed the connection before it answered. */
function wasClosed(error: unknown): boolean {
  const { cause } = error as Error
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(codeOf(cause))
}

/**
 * Returns the headers of the user's configuration, without those that we set.
 * A proxy's token is fine, but another Content-Type would break every
 * request. Header names are case-insensitive.
 */
function withoutOwnHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const ours = ['user-agent', 'content-type', 'content-length', 'connection', 'upgrade', 'host']
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !ours.includes(name.toLowerCase()))
      // undici writes one byte per character, and docker writes UTF-8.
      .map(([name, value]) => [name, Buffer.from(value).toString('latin1')]),
  )
}

function basePath(address: Address): string {
  return address.kind === 'tcp' ? address.basePath : ''
}

/**
 * Returns the lower version. Parts compare as numbers: `1.9` is lower than
 * `1.41`.
 */
function lowerVersion(one: string, other: string): string {
  const minor = (version: string): number => Number(version.split('.')[1])
  return minor(one) < minor(other) ? one : other
}

/**
 * Opens a client. It reconnects if its connection was closed.
 *
 * @param startLog - creates the log of each socket
 * @param open - receives each socket, and loses it when the socket closes
 */
function openClient(
  address: Address,
  startLog: (() => SocketLog) | undefined,
  open = new Set<Socket>(),
): Client {
  // Startup dominates the cost of a short exec, and undici's parser is
  // WebAssembly. V8 would also compile it with its optimizing compiler in the
  // background, and exit would wait for that. The baseline code is fast
  // enough for a few responses, so we turn the optimizer off before undici
  // compiles its parser on the first connection.
  setFlagsFromString('--liftoff-only')
  return new UndiciClient(originOf(address), {
    // As in docker's client: keep an idle connection for 30 s, and wait
    // without limit for responses.
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
        // Over TLS, a rejected certificate gives an error and then an end.
        // undici would report the end.
        socket.once('error', (error) => socket.destroy(error))
        callback(null, socket)
      })
    },
  })
}

/**
 * Returns the host for HTTP, which needs one even if the address is a file.
 * docker uses the same names.
 */
function originOf(address: Address): string {
  if (address.kind === 'tcp') return `http://${hostOf(address)}`
  return address.kind === 'ssh' ? sshOrigin : 'http://api.moby.localhost'
}

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
        // Only a success is streamed. The body of an error is kept whole,
        // because it is one message.
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
