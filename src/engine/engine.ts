/**
 * Talks to a Docker engine: one connection for ordinary requests, and a
 * second one for the request that hijacks its connection.
 *
 * @module
 */

import type { Socket } from 'node:net'
import { posix } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import type { Client, Dispatcher } from 'undici'
import { codeOf, type Failure } from '../process/failure.ts'
import type { EventLog } from '../tape/recorder.ts'
import { escapeBytes, escapePath, type Reply } from './answer.ts'
import { isOlder, newestApiVersion, ping } from './api-version.ts'
import type { DockerConfig } from './config-file.ts'
import { explainError, explainRedirect, urlLikeGo } from './error-sentences.ts'
import { logConnection } from './http-log.ts'
import { adaptAnswers, longestHead } from './interim-answers.ts'
import { type Address, hostOf } from './parse-host.ts'
import { dial, type SocketLog } from './socket.ts'
import { sshOrigin } from './ssh.ts'

/**
 * How long docker waits for its first ping, in milliseconds. Through ssh it
 * waits without limit.
 */
const firstPingTimeout = 2000

/** The longest answer that we read, in bytes. */
const longestBody = 64 * 1024 * 1024

/** The User-Agent header, with the workbook's version. */
const userAgent = `docker-exec-workbook/0.1.0 (${process.platform})`

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
   * What to do if the ping gets no usable response. docker goes on, pings
   * again before each request, and runs nothing until it knows the version.
   */
  readonly onNoAnswer?: 'fail' | 'go on'
}

/**
 * Asks the daemon at an address for its API version, and uses the lower one
 * of that and ours. If DOCKER_API_VERSION is set, we use that one, but still
 * ask, as docker does.
 *
 * @throws a {@link Failure} if no daemon answers at the address
 */
export async function connectTo(
  address: Address,
  config: DockerConfig,
  options: Omit<EngineOptions, 'warn'>,
): Promise<Engine> {
  const { environment, record, timeout = 0, onNoAnswer = 'fail' } = options
  const ordinary = new Set<Socket>()
  const client = openClient(address, record && (() => logConnection(1, record)), ordinary)
  const headers = { ...withoutOwnHeaders(config.httpHeaders), 'User-Agent': userAgent }

  // Accept `v1.41` for `1.41`.
  const fixed = (environment.DOCKER_API_VERSION ?? '').replace(/^v/, '')
  const pingWithin = (limit: number) => {
    const path = `${basePath(address)}/_ping`
    // undici closes the connection after a HEAD unless `reset` is false.
    const options = { path, headers, reset: false, headersTimeout: limit }
    return ping((method) => ask({ ...options, method }), address.host)
  }
  const isLimited = onNoAnswer === 'go on' && address.kind !== 'ssh'
  let pinged = await pingWithin(isLimited ? firstPingTimeout : timeout)
  if (pinged.failure && onNoAnswer === 'fail') {
    client.destroy()
    throw pinged.failure
  }
  const apiVersion = () =>
    fixed || (isOlder(pinged.newest, newestApiVersion) ? pinged.newest : newestApiVersion)
  const fullPath = (path: string) =>
    escapePath(posix.join('/', basePath(address), `v${apiVersion().replace(/^v/, '')}`)) +
    escapeBytes(path)
  const [, product = '', version = ''] = /^([^/]*)\/(\S*)/.exec(pinged.server) ?? []
  const hijackable = new Set<Socket>()
  const jsonRequest = (method: Method, path: string, body: unknown) => ({
    method,
    path: fullPath(path),
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: `${JSON.stringify(body)}\n`,
  })

  /**
   * Sends a request. The daemon may close an idle connection at the moment
   * when we reuse it. A GET is safe to repeat, so unless a part of the answer
   * arrived, we retry it on a new connection, as Go does.
   */
  function ask(
    options: Dispatcher.DispatchOptions,
    onData?: (piece: string) => void,
  ): Promise<Reply> {
    const [reused] = ordinary
    const alreadyRead = reused?.bytesRead
    return send(client, options, address, onData).catch((error: unknown) => {
      const isUnanswered = reused && reused.bytesRead === alreadyRead
      const isSafe = options.method === 'GET' || options.method === 'HEAD'
      if (!isSafe || !isUnanswered || !wasClosed(error)) throw error
      return send(client, options, address, onData)
    })
  }

  return {
    host: address.host,
    product,
    version,
    get apiVersion() {
      return apiVersion()
    },
    config,
    async request(method, path, body, onData) {
      if (pinged.failure && !fixed) pinged = await pingWithin(timeout)
      // As long as it doesn't know the version, docker only reads.
      if (pinged.failure && !fixed && method !== 'GET') throw pinged.failure
      const plain = { method, path: fullPath(path), headers }
      return ask(body === undefined ? plain : jsonRequest(method, path, body), onData)
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
      // undici writes one byte per character, and docker writes UTF-8. Like
      // docker, leave out blanks around it.
      .map(([name, value]) => [
        name,
        Buffer.from(value.replace(/^[ \t]+|[ \t]+$/g, '')).toString('latin1'),
      ]),
  )
}

function basePath(address: Address): string {
  return address.kind === 'tcp' ? address.basePath : ''
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
  // Many commands never connect, so undici is loaded only here.
  const UndiciClient =
    require('undici/lib/dispatcher/client.js') as typeof import('undici/lib/dispatcher/client.js')
  return new UndiciClient(originOf(address), {
    // As in docker's client: keep an idle connection for 30 s, and wait
    // without limit for responses.
    keepAliveTimeout: 30_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: longestHead,
    connect(_, callback) {
      const socket = dial(address, startLog?.())
      adaptAnswers(socket)
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
    let [status, reason, length] = [0, '', 0]
    let headers: Record<string, string> = {}
    const body: Buffer[] = []
    const url = urlLikeGo(options, address)
    client.dispatch(options, {
      onRequestStart() {},
      onResponseStart(_, answered, fields, statusMessage = '') {
        status = answered
        reason = statusMessage
        headers = flat(fields)
      },
      onResponseData(controller, piece) {
        // Only a success is streamed. The body of an error is kept whole,
        // because it is one message.
        if (onData && status < 300) return onData(piece.toString())
        length += piece.length
        if (length <= longestBody) body.push(piece)
        else controller.abort(new Error(`the answer is longer than ${longestBody >> 20} MiB`))
      },
      onResponseEnd() {
        const { location } = headers
        if (status >= 300 && status < 400 && location) reject(explainRedirect(options, location))
        else resolve({ status, reason, headers, body: Buffer.concat(body).toString(), url })
      },
      onResponseError(_, error) {
        reject(explainError(error, address, options))
      },
    })
  })
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    // Of a header that was sent twice, docker reads the first.
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      String((Array.isArray(value) ? value[0] : value) ?? ''),
    ]),
  )
}
