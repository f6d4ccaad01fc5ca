/**
 * Reading what a daemon answers: the JSON of a success, the sentence of a refusal.
 *
 * @module
 */

import { STATUS_CODES } from 'node:http'
import { posix } from 'node:path'
import { Failure } from '../process/failure.ts'
import { messageOf } from '../stream/http.ts'
import type { Engine, Reply } from './engine.ts'

/**
 * Reads the JSON of an answer.
 *
 * @throws a {@link Failure} with the daemon's own sentence if it refused, and one that says so if
 * what answered is not a daemon
 */
export function readAnswer<Answer>(reply: Reply, engine: Pick<Engine, 'host'>): Answer {
  if (reply.status < 200 || reply.status > 299) throw refusal(reply, engine.host)
  // Podman sends a line feed where there is nothing to say.
  if (reply.body.trim() === '') return undefined as Answer
  try {
    return JSON.parse(reply.body) as Answer
  } catch {
    throw notADaemon(reply, engine.host)
  }
}

/**
 * Makes a refusal readable. A daemon sends JSON with a message; whatever stands before it, a
 * proxy or a login page, sends something else.
 */
function refusal(reply: Reply, host: string): Failure {
  if (/^<(!doctype|html|\?xml)/i.test(reply.body.trim())) return notADaemon(reply, host)
  // A daemon redirects only a path that it cannot make sense of, such as `/containers/../x`.
  const message = reply.status < 400 ? 'page not found' : messageOf(reply)
  return new Failure(`Error response from daemon: ${message || statusText(reply.status)}`)
}

function notADaemon({ status, headers }: Reply, host: string): Failure {
  return new Failure(
    `what answers at ${host} is not a Docker daemon: it sent ${statusText(status)} with ${headers['content-type'] || 'a body'} that is no answer of its API`,
    1,
    'Check DOCKER_HOST, and whether a proxy or a login page stands before the daemon.',
  )
}

/** `404 Not Found`. */
export function statusText(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trim()
}

/**
 * The path of a container. A name may have a character that a URL reserves, and blanks around it
 * are a slip. As with docker, `/box` is `box`: the path is made as short as it can be, because
 * a daemon answers one with `//` in it by sending us elsewhere.
 */
export function containerPath(container: string): string {
  const path = posix.join('/containers', container.trim())
  return path.split('/').map(encodeURIComponent).join('/').replace(/\/$/, '')
}
