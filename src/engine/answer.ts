/**
 * Reads a daemon's answers: JSON on success, an error message otherwise.
 *
 * @module
 */

import { STATUS_CODES } from 'node:http'
import { posix } from 'node:path'
import { Failure } from '../process/failure.ts'
import { messageOf } from '../stream/http.ts'
import type { Engine, Reply } from './engine.ts'

/**
 * Parses the JSON of an answer.
 *
 * @throws a {@link Failure} with the daemon's message if it returned an
 * error, or with our own message if the answer did not come from a daemon
 */
export function readAnswer<Answer>(reply: Reply, engine: Pick<Engine, 'host'>): Answer {
  if (reply.status < 200 || reply.status > 299) throw refusal(reply, engine.host)
  // Podman sends a line feed as an empty body.
  if (reply.body.trim() === '') return undefined as Answer
  try {
    return JSON.parse(reply.body) as Answer
  } catch {
    throw notADaemon(reply, engine.host)
  }
}

/**
 * Turns an error response into a {@link Failure}. A daemon sends JSON with a
 * message. A proxy or a login page in front of it sends something else.
 */
function refusal(reply: Reply, host: string): Failure {
  if (/^<(!doctype|html|\?xml)/i.test(reply.body.trim())) return notADaemon(reply, host)
  // A daemon redirects only paths that it can't resolve, such as
  // `/containers/../x`.
  const message = reply.status < 400 ? 'page not found' : messageOf(reply)
  return new Failure(`Error response from daemon: ${message || statusText(reply.status)}`)
}

function notADaemon({ status, headers }: Reply, host: string): Failure {
  return new Failure(
    `${host} is not a Docker daemon: it answered ${statusText(status)} with ${headers['content-type'] || 'a body'}, which is not part of the Engine API`,
    1,
    'Check DOCKER_HOST, and whether a proxy or a login page sits in front of the daemon.',
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
  const path = posix.join('/containers', container.trim())
  return path.split('/').map(encodeURIComponent).join('/').replace(/\/$/, '')
}
