/**
 * Reads a daemon's answers: JSON on success, an error message otherwise.
 *
 * @module
 */

import { STATUS_CODES } from 'node:http'
import { posix } from 'node:path'
import { Failure } from '../process/failure.ts'
import { messageOf } from '../stream/http.ts'

/** A daemon's response. */
export type Reply = {
  /** The HTTP status: 201, 404, 101. */
  readonly status: number
  /** The words behind the status: `Not Found`. */
  readonly reason: string
  /** By name, in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The body as text; empty after a 101. */
  readonly body: string
  /** The URL of the request, as docker's errors show it. */
  readonly url: string
}

/** Where an answer came from. */
type Origin = { readonly host: string }

/**
 * Parses the JSON object of an answer. A field may be missing, or of another
 * type, because a daemon can send anything: check the ones that you use.
 *
 * @throws a {@link Failure} with the daemon's message if it returned an
 * error, or with our own message if the answer is no JSON object
 */
export function readAnswer<Answer extends object>(reply: Reply, origin: Origin): Answer {
  const value = readJson(reply, origin)
  // Go takes null for an object without fields.
  if (value === null) return {} as Answer
  if (typeof value === 'object' && !Array.isArray(value)) return withKnownNames(value) as Answer
  throw malformed(reply, origin, 'it is not a JSON object')
}

/**
 * Parses an answer that is a list of JSON objects.
 *
 * @throws a {@link Failure}, as {@link readAnswer} does
 */
export function readList<Item extends object>(reply: Reply, origin: Origin): readonly Item[] {
  const value = readJson(reply, origin) ?? []
  if (Array.isArray(value) && value.every((item) => typeof item === 'object' && item)) return value
  throw malformed(reply, origin, 'it is not a list of JSON objects')
}

/**
 * Checks an answer of which only the success matters.
 *
 * @throws a {@link Failure} with the daemon's message if it returned an error
 */
export function checkAnswer(reply: Reply, { host }: Origin): void {
  if (reply.status < 200 || reply.status > 299) throw refusal(reply, host)
}

function readJson(reply: Reply, origin: Origin): unknown {
  checkAnswer(reply, origin)
  try {
    return JSON.parse(reply.body)
  } catch {
    const text = reply.body.trim()
    if (isMarkup(text)) throw notADaemon(reply, origin.host)
    throw malformed(reply, origin, text === '' ? 'it is empty' : 'it is not valid JSON')
  }
}

/**
 * The fields of an exec that we read. docker accepts them in any letter case.
 */
const knownNames = new Map(
  ['Id', 'Running', 'ExitCode'].map((name) => [name.toLowerCase(), name] as const),
)

function withKnownNames(value: object): object {
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      knownNames.get(name.toLowerCase()) ?? name,
      field,
    ]),
  )
}

/** docker reads no more of an error, in characters. */
const longestMessage = 1024 * 1024

/**
 * Turns an error response into a {@link Failure}. A daemon sends JSON with a
 * message. A proxy or a login page in front of it sends something else.
 */
export function refusal(reply: Reply, host: string): Failure {
  const { status, reason, body, url } = reply
  if (isMarkup(body)) return notADaemon(reply, host)
  const isLong = body.length >= longestMessage
  if (body === '' || isLong) {
    const size = isLong ? ` with a message (> ${longestMessage} bytes)` : ''
    return new Failure(
      `request returned ${`${status} ${reason}`.trim()}${size} for API route and version ${url}, check if the server supports the requested API version`,
    )
  }
  const unexplained = `API returned a ${status} (${STATUS_CODES[status] ?? ''}) but provided no error-message`
  return new Failure(`Error response from daemon: ${messageOf(reply) || unexplained}`)
}

function isMarkup(text: string): boolean {
  return /^<(!doctype|html|\?xml)/i.test(text.trim())
}

function notADaemon({ status, headers }: Reply, host: string): Failure {
  return new Failure(
    `${host} is not a Docker daemon: it answered ${statusText(status)} with ${headers['content-type'] || 'a body'}, which is not part of the Engine API`,
    1,
    'Check DOCKER_HOST, and whether a proxy or a login page sits in front of the daemon.',
  )
}

function malformed({ status }: Reply, { host }: Origin, problem: string): Failure {
  return new Failure(
    `cannot read the ${statusText(status)} answer from ${host}: ${problem}`,
    1,
    'Check DOCKER_HOST, and whether a proxy in front of the daemon changes its answers.',
  )
}

/** `404 Not Found`. */
export function statusText(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trim()
}

/**
 * Returns the path of a container, with reserved characters escaped and
 * surrounding blanks removed. As in docker, `/box` means `box`: we normalize
 * the path, because a daemon redirects one that contains `//`.
 */
export function containerPath(container: string): string {
  return escapePath(posix.join('/containers', container.trim())).replace(/\/$/, '')
}

/** Escapes what a path cannot hold, and leaves the rest, as Go does. */
export function escapePath(path: string): string {
  return escapeBytes(path.replace(/[%?#!'()*"<>[\\\]^`{|}]/g, percent))
}

/** Escapes blanks, control characters and all beyond ASCII. */
export function escapeBytes(path: string): string {
  return path.replace(/[^\x21-\x7e]/gu, percent)
}

/** `%C3%A9`, for `é`. */
function percent(character: string): string {
  const bytes = [...Buffer.from(character)]
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
}
