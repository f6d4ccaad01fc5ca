/**
 * A server that answers requests with the bytes it was told to: for answers that a real engine
 * does not give, or not when one wants it to. Whether something works is shown on a real engine;
 * this is for what happens when it does not.
 *
 * @module
 */

import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { breakConnection, listen, type Transport } from './listen.ts'
import { createRequestReader, type RecordedRequest } from './proxy.ts'

/** What is sent back for a request. */
export type Answer = {
  /** The bytes, HTTP head and all. Each piece is sent by itself, so that it comes by itself. */
  readonly pieces: readonly (string | Uint8Array)[]
  /**
   * What happens to the connection then: it stays for the next request, it stays and belongs to
   * the user (`upgraded`), we end our side, or it breaks.
   */
  readonly after: 'keep' | 'upgraded' | 'end' | 'reset'
}

/** Which requests get which answer. The first route that fits is taken. */
export type Route = {
  /** A method and a path without its `/v1.41`: `POST /exec/abc/start`. Text must fit exactly. */
  readonly on: string | RegExp
  readonly answer: Answer | ((request: RecordedRequest) => Answer)
}

/** A scripted server that is listening. */
export type ScriptedServer = {
  /** Its address, for DOCKER_HOST. */
  readonly host: string
  /** What it was asked, in order. */
  readonly requests: readonly RecordedRequest[]
  /** What came on upgraded connections, behind the request. */
  readonly input: () => Buffer
  /** How many clients have ended their side of an upgraded connection. */
  readonly inputEnds: () => number
  readonly stop: () => Promise<void>
}

/** An answer with a body. Length and connection are seen to. */
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

/** An answer as an engine gives it. */
export function json(status: string, value: unknown): Answer {
  return answer(status, 'application/json', `${JSON.stringify(value)}\n`)
}

/** An engine's refusal: JSON with a sentence in it. */
export function refusal(status: string, message: string): Answer {
  return json(status, { message })
}

/** What a login page or a proxy says that stands where an engine should. */
export function html(status: string, body: string): Answer {
  return answer(status, 'text/html', body)
}

/** The head of a successful upgrade. */
export const upgradedHead =
  'HTTP/1.1 101 UPGRADED\r\n' +
  'Content-Type: application/vnd.docker.raw-stream\r\n' +
  'Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n'

/** The connection breaks without an answer, or behind what was said so far. */
export function breakOff(...pieces: readonly (string | Uint8Array)[]): Answer {
  return { pieces, after: 'reset' }
}

/**
 * What an engine with one container, `box`, answers to `docker exec box …`. Put routes of your
 * own in front of these to spoil one answer.
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

/** Starts a server with these routes. What fits none of them is 404, as with an engine. */
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
      const chosen = chooseAnswer(routes, request)
      isUpgraded ||= chosen.after !== 'keep'
      answering = answering.then(() => send(socket, chosen))
    })
    socket.on('data', (chunk: Buffer) => {
      const behind = isUpgraded ? chunk : read(chunk)
      if (behind) input.push(behind)
    })
    socket.on('end', () => {
      if (isUpgraded) inputEnds += 1
      else socket.end()
    })
    socket.on('error', () => socket.destroy())
  })

  return { host, requests, input: () => Buffer.concat(input), inputEnds: () => inputEnds, stop }
}

function chooseAnswer(routes: readonly Route[], request: RecordedRequest): Answer {
  const asked = `${request.method} ${request.path.replace(/^\/v\d+\.\d+(?=\/)/, '')}`
  const route = routes.find(({ on }) => (typeof on === 'string' ? on === asked : on.test(asked)))
  if (!route) return refusal('404 Not Found', 'page not found')
  return typeof route.answer === 'function' ? route.answer(request) : route.answer
}

async function send(socket: Socket, { pieces, after }: Answer): Promise<void> {
  for (const [index, piece] of pieces.entries()) {
    // Nothing tells us that the other side has read a piece. Two that are sent in one breath would
    // come as one, so a moment passes between them; nothing depends on its length.
    if (index > 0) await wait(10)
    await new Promise<void>((resolve) => {
      socket.write(piece, () => resolve())
    })
  }
  if (after === 'end') socket.end()
  if (after === 'reset') breakConnection(socket)
}
