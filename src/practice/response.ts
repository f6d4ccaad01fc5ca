/**
 * Writes answers as a Docker daemon writes them: which header fields, and how an error looks.
 *
 * @module
 */

import type { Socket } from 'node:net'
import type { PracticeRequest } from './request.ts'

/** The API that the practice daemon speaks, as 28.5 does, and the oldest that it understands. */
export const apiVersions = { newest: '1.51', oldest: '1.24' } as const

/** The workbook's version, which is the practice daemon's too. */
export const practiceVersion = '0.1.0'

/** What `Ostype` says: the learner's own system, because the commands run there. */
export const ostype = process.platform === 'win32' ? 'windows' : process.platform

/** `Practice/0.1.0 (linux)`. It never calls itself Docker. */
export const serverName = `Practice/${practiceVersion} (${ostype})`

const reasons: Readonly<Record<number, string>> = {
  101: 'UPGRADED',
  200: 'OK',
  201: 'Created',
  301: 'Moved Permanently',
  400: 'Bad Request',
  404: 'Not Found',
  409: 'Conflict',
  500: 'Internal Server Error',
}

/** Something that is refused, with the sentence that a client shows to its user. */
export class Refusal extends Error {
  readonly status: number
  /** What is not as usual in the answer. */
  readonly form: Partial<Answer>

  /**
   * @param status - 404, 409
   * @param message - `No such container: nope`
   * @param form - what is not as usual in the answer
   */
  constructor(status: number, message: string, form: Partial<Answer> = {}) {
    super(message)
    this.status = status
    this.form = form
  }
}

/** An answer that is not a stream. */
export type Answer = {
  readonly status: number
  /** Sent as JSON, with a line feed behind it. A string goes out as it is. */
  readonly body?: unknown
  /** Over those that every answer has. */
  readonly headers?: Readonly<Record<string, string>>
  /** Which of the fields about the daemon are left out: all for a path that is not there at all. */
  readonly without?: readonly string[]
}

/** The status line and header fields. */
export function head(status: number, headers: Readonly<Record<string, string>>): string {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${reasons[status] ?? 'Unknown'}\r\n${fields.join('')}\r\n`
}

/** The type of a text for people. */
export const plainText = 'text/plain; charset=utf-8'

/** What a daemon says of itself in every answer. */
export const identity: Readonly<Record<string, string>> = {
  'Api-Version': apiVersions.newest,
  'Docker-Experimental': 'false',
  Ostype: ostype,
  Server: serverName,
}

/** As many bytes as a daemon collects before it sends, and so knows their number beforehand. */
const collected = 2048

/** Sends an answer, and ends the connection if the client wants it so. */
export function sendAnswer(socket: Socket, request: PracticeRequest, answer: Answer): void {
  const { status, body, headers = {}, without = [] } = answer
  const isJson = body !== undefined && typeof body !== 'string'
  const text = isJson ? `${JSON.stringify(body)}\n` : (body ?? '')
  const own = {
    ...identity,
    ...(isJson && { 'Content-Type': 'application/json' }),
    ...headers,
  }
  // A daemon sorts what it sets itself; when and how much comes behind it, and what its library
  // finds out by looking at the text.
  const sorted = Object.entries(own)
    .filter(([name]) => !without.includes(name))
    .sort(([one], [other]) => (one < other ? -1 : 1))
  const length = Buffer.byteLength(text)
  const isChunked = length > collected && request.protocol === 'HTTP/1.1'
  const connection = request.connection()
  const fields = {
    ...Object.fromEntries(sorted),
    Date: new Date().toUTCString(),
    ...(!isChunked && !headers['Content-Length'] && { 'Content-Length': String(length) }),
    ...(!isJson && text !== '' && !headers['Content-Type'] && { 'Content-Type': plainText }),
    ...(connection && { Connection: connection }),
    ...(isChunked && { 'Transfer-Encoding': 'chunked' }),
  }
  const shown = isChunked ? `${length.toString(16)}\r\n${text}\r\n0\r\n\r\n` : text
  const start = head(status, fields).replace('HTTP/1.1', request.protocol)
  // An answer to HEAD leaves out the body.
  socket.write(start + (request.method === 'HEAD' ? '' : shown))
  if (!request.keepsAlive()) socket.end()
}

/** An error as every endpoint sends it. */
export function refusal({ status, message, form }: Refusal): Answer {
  return { status, body: { message }, ...form }
}
