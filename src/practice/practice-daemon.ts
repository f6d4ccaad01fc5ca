/**
 * The state that the practice daemon's endpoints share: its container, its
 * execs and its behaviour.
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
  /** Starts the processes. */
  readonly launch: Launch
  /** False if only commands without a terminal work. */
  readonly hasTerminals: boolean
  readonly faults: ActiveFaults
  /** The Content-Type of a 101, if not the usual one of this API version. */
  readonly contentType?: string | undefined
}

/** A daemon, as its endpoints see it. */
export type Daemon = Behaviour & {
  readonly container: Container
  readonly execs: Map<string, Exec>
  readonly events: EventLog
  /** Closes every connection and stops listening. */
  readonly closeConnections: () => void
}

/** A request and what its endpoint needs to answer it. */
export type Call = {
  readonly daemon: Daemon
  readonly request: PracticeRequest
  readonly socket: Socket
  readonly reader: RequestReader
  /** The container or exec ID in the path. */
  readonly name: string
  readonly query: URLSearchParams
  /** The version in the path, or the newest version. */
  readonly apiVersion: string
}

/** Finds an exec, or throws a {@link Refusal}. */
export function findExec({ execs }: Daemon, id: string): Exec {
  const exec = execs.get(id)
  if (!exec) throw new Refusal(404, `No such exec instance: ${id}`)
  return exec
}

/** Whether an API version is at least another one. */
export function isAtLeast(version: string, minimum: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [minimumMajor = 0, minimumMinor = 0] = minimum.split('.').map(Number)
  return major > minimumMajor || (major === minimumMajor && minor >= minimumMinor)
}
