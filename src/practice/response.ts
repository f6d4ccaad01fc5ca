/**
 * Writes answers as a Docker daemon writes them: which header fields, and how an error looks.
 *
 * @module
 */

import type { Socket } from 'node:net'

/** The API that the practice daemon speaks, as 28.5 does, and the oldest that it understands. */
export const apiVersions = { newest: '1.51', oldest: '1.24' } as const

/** The workbook's version, which is the practice daemon's too. */
export const practiceVersion = '0.1.0'

/** What `Ostype` says: the learner's own system, because the commands run there. */
export const ostype = process.platform === 'win32' ? 'windows' : process.platform

/** What a daemon says about itself in every answer. This one never calls itself Docker. */
export const identity: Readonly<Record<string, string>> = {
  'Api-Version': apiVersions.newest,
  'Docker-Experimental': 'false',
  Ostype: ostype,
  Server: `Practice/${practiceVersion} (${ostype})`,
}

const reasons: Readonly<Record<number, string>> = {
  101: 'UPGRADED',
  200: 'OK',
  201: 'Created',
  400: 'Bad Request',
  404: 'Not Found',
  409: 'Conflict',
  500: 'Internal Server Error',
}

/** A request that is refused, with the sentence that a client shows to its user. */
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
  /** Sent as JSON, with a line feed behind it. A string is sent as plain text. */
  readonly body?: unknown
  /** In addition to those that every answer has. */
  readonly headers?: Readonly<Record<string, string>>
}

/** The status line and header fields. */
export function head(status: number, headers: Readonly<Record<string, string>>): string {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${reasons[status] ?? 'Unknown'}\r\n${fields.join('')}\r\n`
}

/** Sends an answer. */
export function sendAnswer(
  socket: Socket,
  { status, body, headers }: Answer,
  close: boolean,
): void {
  const isText = typeof body === 'string'
  const text = isText ? body : body === undefined ? '' : `${JSON.stringify(body)}\n`
  const type = isText ? 'text/plain; charset=utf-8' : text !== '' && 'application/json'
  // A daemon sorts what it sets itself; date and length come behind that.
  const own = Object.entries({ ...identity, ...(type && { 'Content-Type': type }), ...headers })
  const fields = {
    ...Object.fromEntries(own.sort(([one], [other]) => (one < other ? -1 : 1))),
    Date: new Date().toUTCString(),
    'Content-Length': String(Buffer.byteLength(text)),
    ...(close && { Connection: 'close' }),
  }
  socket.write(head(status, fields) + text)
}

/** The answer to a request that failed. */
export function failedAnswer(error: unknown): Answer {
  const { message, status = 500 } = error as Error & { readonly status?: number }
  return { status, body: { message } }
}
