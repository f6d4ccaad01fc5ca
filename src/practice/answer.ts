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

  /**
   * @param status - 404, 409
   * @param message - `No such container: nope`
   */
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** An answer that is not a stream. */
export type Answer = {
  readonly status: number
  /** Sent as JSON, with a line feed behind it. A string goes out as it is. */
  readonly body?: unknown
  /** Over those that every answer has. */
  readonly headers?: Readonly<Record<string, string>>
  /** True for a path that is not there at all, where nobody says which API it would be. */
  readonly isAnonymous?: boolean
}

/** The status line and header fields. */
export function head(status: number, headers: Readonly<Record<string, string>>): string {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${reasons[status] ?? 'Unknown'}\r\n${fields.join('')}\r\n`
}

/** What a daemon says of itself in every answer. */
export const identity: Readonly<Record<string, string>> = {
  'Api-Version': apiVersions.newest,
  'Docker-Experimental': 'false',
  Ostype: ostype,
  Server: serverName,
}

/** Sends an answer, and ends the connection if the client wants it so. */
export function sendAnswer(socket: Socket, request: PracticeRequest, answer: Answer): void {
  const { status, body, headers = {}, isAnonymous = false } = answer
  const isJson = body !== undefined && typeof body !== 'string'
  const text = isJson ? `${JSON.stringify(body)}\n` : (body ?? '')
  const own = {
    ...(isAnonymous ? {} : identity),
    ...(isJson && { 'Content-Type': 'application/json' }),
    ...headers,
  }
  // A daemon sorts what it sets itself; when and how much comes behind it.
  const sorted = Object.entries(own).sort(([one], [other]) => (one < other ? -1 : 1))
  const fields = {
    ...Object.fromEntries(sorted),
    Date: new Date().toUTCString(),
    'Content-Length': String(Buffer.byteLength(text)),
    ...(request.keepsAlive ? {} : { Connection: 'close' }),
  }
  // The length of an answer to HEAD is that of the body which it leaves out.
  const shown = request.method === 'HEAD' ? '' : text
  socket.write(head(status, fields) + shown)
  if (!request.keepsAlive) socket.end()
}

/** An error as every endpoint sends it. */
export function refusal({ status, message }: Refusal): Answer {
  return { status, body: { message } }
}
