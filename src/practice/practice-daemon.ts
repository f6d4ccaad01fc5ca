/**
 * What the endpoints of the practice daemon share: its container, its execs, and how it behaves.
 *
 * @module
 */

import type { Socket } from 'node:net'
import type { Container } from './container.ts'
import type { EventLog } from './events.ts'
import type { Exec } from './execs.ts'
import type { ActiveFaults } from './faults.ts'
import type { Launch } from './launch.ts'
import type { PracticeRequest, RequestReader } from './read-requests.ts'
import { Refusal } from './response.ts'

/** How a daemon behaves. */
export type Behaviour = {
  /** Makes the processes. */
  readonly launch: Launch
  /** False where only commands without a terminal work. */
  readonly hasTerminals: boolean
  readonly faults: ActiveFaults
  /** What a 101 calls its stream, if not what a daemon of this API says. */
  readonly contentType?: string | undefined
}

/** A daemon as its endpoints see it. */
export type Daemon = Behaviour & {
  readonly container: Container
  readonly execs: Map<string, Exec>
  readonly events: EventLog
  /** Closes every connection, and takes no more of them. */
  readonly hangUp: () => void
}

/** One request on its way to its endpoint. */
export type Call = {
  readonly daemon: Daemon
  readonly request: PracticeRequest
  readonly socket: Socket
  readonly reader: RequestReader
  /** The container or the exec ID in the path. */
  readonly name: string
  readonly query: URLSearchParams
  /** The version in the path, or the newest one. */
  readonly apiVersion: string
}

/** Finds an exec, or throws a {@link Refusal}. */
export function findExec({ execs }: Daemon, id: string): Exec {
  const exec = execs.get(id)
  if (!exec) throw new Refusal(404, `No such exec instance: ${id}`)
  return exec
}

/** Whether version `1.42` of the API has what came with another one. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number)
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)
}
