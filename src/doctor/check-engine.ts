/**
 * Asks an engine who it is and whether our requests fit.
 *
 * @module
 */

import { readAnswer } from '../engine/answer.ts'
import { type Engine, newestApiVersion } from '../engine/engine.ts'
import { Failure } from '../process/failure.ts'
import { nameOfFailure } from './failures.ts'
import type { Finding, Watcher } from './finding.ts'
import { within } from './time-limit.ts'

/** How long it may think about its own version, in seconds. */
const patience = 30

/** Below this there is no exec as the chapters teach it. */
const oldestApiVersion = '1.24'

/** From this on the size of the window is in the create and the start. */
const sizeVersion = '1.42'

type VersionAnswer = {
  readonly Os?: string
  readonly ApiVersion?: string
  readonly MinAPIVersion?: string
}

/** Examines it. Returns whether an exec can be tried on it. */
export async function examineEngine(engine: Engine, { tell }: Watcher): Promise<boolean> {
  const about = 'API version'
  try {
    const reply = await within(patience, engine.request('GET', '/version'))
    const { Os, ApiVersion, MinAPIVersion } = readAnswer<VersionAnswer>(reply, engine)
    if (Os === 'windows') {
      tell({ about, status: 'problem', saw: 'Windows containers', failure: 'windows-containers' })
      return false
    }
    const finding = judgeVersion(engine.apiVersion, ApiVersion, MinAPIVersion)
    tell({ about, ...finding })
    return finding.status !== 'problem'
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    tell({
      about,
      status: 'problem',
      saw: error.message,
      shared: 'the daemon did not tell its version',
      failure: nameOfFailure(error),
    })
    return false
  }
}

/** Compares what we speak with what the daemon does. */
export function judgeVersion(
  spoken: string,
  newest = spoken,
  oldest = '',
): Pick<Finding, 'status' | 'saw' | 'failure'> {
  const range = oldest ? `${oldest} to ${newest}` : `up to ${newest}`
  const seen = `we speak ${spoken}; it takes ${range}, our newest is ${newestApiVersion}`
  if (isBelow(spoken, oldestApiVersion) || (oldest && isBelow(spoken, oldest))) {
    return { status: 'problem', saw: seen, failure: 'api-version-refused' }
  }
  return isBelow(spoken, sizeVersion)
    ? { status: 'note', saw: `${seen}; below ${sizeVersion} a terminal begins without a size` }
    : { status: 'ok', saw: seen }
}

/** `1.9` is below `1.24`: the parts are numbers. */
function isBelow(version: string, other: string): boolean {
  const minor = (text: string): number => Number(text.split('.')[1])
  return minor(version) < minor(other)
}
