/**
 * Which version of the API the daemon and we use.
 *
 * @module
 */

import type { Failure } from '../process/failure.ts'
import { printableLine } from '../text/printable.ts'
import { type Reply, refusal } from './answer.ts'

/** The newest API version that the workbook supports. */
export const newestApiVersion = '1.50'

/**
 * The version of a daemon that names none: the last one before daemons began
 * to name it.
 */
const unnamedApiVersion = '1.24'

/** What we know about a daemon after the ping. */
export type Pinged = {
  /** Its Server header, or an empty string. */
  readonly server: string
  /** Its newest API version. If we don't know it, ours. */
  readonly newest: string
  /** Why we don't know its version. */
  readonly failure?: Failure
}

/**
 * Asks the daemon for its API version. The ping is the one request without a
 * version in its path, because its answer names the version. It never throws.
 *
 * docker asks with HEAD. A proxy may not allow that, so after any answer but
 * a success it asks again with GET. A daemon in trouble answers 500, but it
 * names its version in that answer, too.
 *
 * @param ask - sends the ping
 * @param host - the daemon's address, for an error
 */
export async function ping(
  ask: (method: 'HEAD' | 'GET') => Promise<Reply>,
  host: string,
): Promise<Pinged> {
  try {
    const head = await ask('HEAD')
    const reply = head.status === 200 || head.status === 500 ? head : await ask('GET')
    // Both are shown in sentences, and a header may hold control characters.
    const server = printableLine(reply.headers.server ?? '')
    const named = printableLine(reply.headers['api-version'] ?? '').trim()
    if (named || reply.status < 400) return { server, newest: named || unnamedApiVersion }
    return { server, newest: newestApiVersion, failure: refusal(reply, host) }
  } catch (error) {
    return { server: '', newest: newestApiVersion, failure: error as Failure }
  }
}

/**
 * Whether a version is older than another. Parts compare as numbers: `1.9` is
 * older than `1.41`. What is no number counts as 0, as in docker.
 */
export function isOlder(version: string, other: string): boolean {
  const [parts, otherParts] = [partsOf(version), partsOf(other)]
  for (let at = 0; at < Math.max(parts.length, otherParts.length); at += 1) {
    const difference = (parts[at] ?? 0) - (otherParts[at] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

function partsOf(version: string): number[] {
  return version.split('.').map((part) => (/^[+-]?\d+$/.test(part) ? Number(part) : 0))
}
