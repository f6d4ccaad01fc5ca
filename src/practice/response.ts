/**
 * Writes responses like a Docker daemon: the same header fields, and the same
 * form of errors.
 *
 * @module
 */

import type { Socket } from 'node:net'

/**
 * The newest API version of the practice daemon, as in Docker 28.5, and the
 * oldest.
 */
export const apiVersions = { newest: '1.51', oldest: '1.24' } as const

/** The version of the workbook and of its practice daemon. */
export const practiceVersion = '0.1.0'

/**
 * The value of `Ostype`: the learner's system, because that is where commands
 * run.
 */
export const ostype = process.platform === 'win32' ? 'windows' : process.platform

/**
 * The header fields that identify a daemon in every response. This one never
 * claims to be Docker.
 */
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

/** An error response, with the message that clients show to their users. */
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

/** A response that is not a stream. */
export type Answer = {
  readonly status: number
  /**
   * Sent as JSON with a line feed after it. A string is sent as plain text.
   */
  readonly body?: unknown
  /** Added to the fields that every response has. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Builds the status line and the header fields. */
export function head(status: number, headers: Readonly<Record<string, string>>): string {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${reasons[status] ?? 'Unknown'}\r\n${fields.join('')}\r\n`
}

/** Sends a response. */
export function sendAnswer(
  socket: Socket,
  { status, body, headers }: Answer,
  close: boolean,
): void {
  const isText = typeof body === 'string'
  const text = isText ? body : body === undefined ? '' : `${JSON.stringify(body)}\n`
  const type = isText ? 'text/plain; charset=utf-8' : text !== '' && 'application/json'
  // A daemon sorts the fields that it sets itself. Date and length follow
  // them.
  const own = Object.entries({ ...identity, ...(type && { 'Content-Type': type }), ...headers })
  const fields = {
    ...Object.fromEntries(own.sort(([one], [other]) => (one < other ? -1 : 1))),
    Date: new Date().toUTCString(),
    'Content-Length': String(Buffer.byteLength(text)),
    ...(close && { Connection: 'close' }),
  }
  socket.write(head(status, fields) + text)
}

/** Returns the response to a request that failed. */
export function failedAnswer(error: unknown): Answer {
  const { message, status = 500 } = error as Error & { readonly status?: number }
  return { status, body: { message } }
}
