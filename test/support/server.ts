/**
 * A server that answers requests with scripted bytes, for failures that a
 * real engine doesn't produce on demand. Tests of things that work use a real
 * engine.
 *
 * @module
 */

import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { breakConnection, listen, type Transport } from './listen.ts'
import { createRequestReader, type RecordedRequest } from './proxy.ts'

/** The answer to a request. */
export type Answer = {
  /**
   * The bytes, including the HTTP head. Each piece is sent, and arrives,
   * separately.
   */
  readonly pieces: readonly (string | Uint8Array)[]
  /**
   * What happens to the connection afterwards: it is kept for the next
   * request (`keep`), it becomes the session (`upgraded`), we end our side
   * (`end`), or we reset it (`reset`).
   */
  readonly after: 'keep' | 'upgraded' | 'end' | 'reset'
}

/** Maps requests to an answer. The first matching route is used. */
export type Route = {
  /**
   * Method and path without the API version: `POST /exec/abc/start`. A string
   * matches exactly.
   */
  readonly on: string | RegExp
  /** `count` is the number of requests so far, with this one. */
  readonly answer: Answer | ((request: RecordedRequest, count: number) => Answer)
}

/** A scripted server that is listening. */
export type ScriptedServer = {
  /** Its address, for DOCKER_HOST. */
  readonly host: string
  /** The requests so far, in order. */
  readonly requests: readonly RecordedRequest[]
  /** Returns the bytes received on upgraded connections after the request. */
  readonly input: () => Buffer
  /** Returns how many clients have half-closed an upgraded connection. */
  readonly inputEnds: () => number
  readonly stop: () => Promise<void>
}

/** Creates an answer with a body and the headers for it. */
export function answer(
  status: string,
  contentType: string,
  body: string,
  after: Answer['after'] = 'keep',
): Answer {
  const head = [
    `HTTP/1.1 ${status}`,
    'Api-Version: 1.41',
    `Content-Type: ${contentType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return { pieces: [`${head.join('\r\n')}\r\n\r\n${body}`], after }
}

/** Creates an answer with a JSON body, as an engine sends it. */
export function json(status: string, value: unknown): Answer {
  return answer(status, 'application/json', `${JSON.stringify(value)}\n`)
}

/** Creates an engine's error answer: JSON with a message. */
export function refusal(status: string, message: string): Answer {
  return json(status, { message })
}

/** Creates an HTML answer, as a login page or a proxy sends it. */
export function html(status: string, body: string): Answer {
  return answer(status, 'text/html', body)
}

/** The head of a successful upgrade. */
export const upgradedHead =
  'HTTP/1.1 101 UPGRADED\r\n' +
  'Content-Type: application/vnd.docker.raw-stream\r\n' +
  'Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n'

/** Creates an answer that resets the connection after these pieces. */
export function breakOff(...pieces: readonly (string | Uint8Array)[]): Answer {
  return { pieces, after: 'reset' }
}

/**
 * The answers of an engine with one container, `box`, to `docker exec box …`.
 * To change an answer, put another route before these.
 */
export const engineRoutes: readonly Route[] = [
  { on: 'HEAD /_ping', answer: answerWithoutBody('200 OK') },
  { on: 'GET /_ping', answer: answer('200 OK', 'text/plain', 'OK') },
  {
    on: 'GET /version',
    answer: json('200 OK', { Version: '20.10.24', ApiVersion: '1.41', MinAPIVersion: '1.12' }),
  },
  {
    on: 'GET /containers/box/json',
    answer: json('200 OK', { Id: 'b0', Name: '/box', State: { Running: true } }),
  },
  { on: 'POST /containers/box/exec', answer: json('201 Created', { Id: 'e1' }) },
  { on: 'POST /exec/e1/start', answer: { pieces: [upgradedHead], after: 'end' } },
  { on: /^POST \/exec\/e1\/resize/, answer: answerWithoutBody('200 OK') },
  { on: 'GET /exec/e1/json', answer: json('200 OK', { ID: 'e1', Running: false, ExitCode: 0 }) },
]

function answerWithoutBody(status: string): Answer {
  return answer(status, 'text/plain', '')
}

/**
 * Starts a server with these routes. Any other request gets a 404, as from an
 * engine.
 */
export async function startServer(
  routes: readonly Route[],
  transport: Transport = 'unix',
): Promise<ScriptedServer> {
  const requests: RecordedRequest[] = []
  const input: Buffer[] = []
  let inputEnds = 0

  const { host, stop } = await listen(transport, (socket) => {
    let isUpgraded = false
    // One answer at a time, in the order of the requests.
    let answering = Promise.resolve()
    const read = createRequestReader((request) => {
      requests.push(request)
      const chosen = chooseAnswer(routes, request, requests.length)
      isUpgraded ||= chosen.after !== 'keep'
      answering = answering.then(() => send(socket, chosen))
    })
    socket.on('data', (chunk: Buffer) => {
      const rest = isUpgraded ? chunk : read(chunk)
      if (rest) input.push(rest)
    })
    socket.on('end', () => {
      if (isUpgraded) inputEnds += 1
      else socket.end()
    })
    socket.on('error', () => socket.destroy())
  })

  return { host, requests, input: () => Buffer.concat(input), inputEnds: () => inputEnds, stop }
}

function chooseAnswer(routes: readonly Route[], request: RecordedRequest, count: number): Answer {
  const asked = `${request.method} ${request.path.replace(/^\/v\d+\.\d+(?=\/)/, '')}`
  const route = routes.find(({ on }) => (typeof on === 'string' ? on === asked : on.test(asked)))
  if (!route) return refusal('404 Not Found', 'page not found')
  return typeof route.answer === 'function' ? route.answer(request, count) : route.answer
}

async function send(socket: Socket, { pieces, after }: Answer): Promise<void> {
  for (const [index, piece] of pieces.entries()) {
    // Two pieces sent back to back would arrive as one, so wait a moment
    // between them. The exact delay doesn't matter.
    if (index > 0) await wait(10)
    await new Promise<void>((resolve) => {
      socket.write(piece, () => resolve())
    })
  }
  if (after === 'end') socket.end()
  if (after === 'reset') breakConnection(socket)
}
