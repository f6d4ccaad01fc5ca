/**
 * Where experiments and checks run execs. The chapters have their own client.
 *
 * @module
 */

import type { Engine } from '../engine/engine.ts'
import type { Address } from '../engine/parse-host.ts'
import type { EventLog } from '../tape/recorder.ts'

/** Connects to the daemon, and records its connections in the log. */
export type Connect = (log?: EventLog) => Promise<Engine>

/** A daemon, a container on it, and the time limit of a session. */
export type ExecPlace = {
  /** Connects to the daemon. */
  readonly connect: Connect
  /** The daemon's address. */
  readonly address: Address
  /** A running container that has a shell. */
  readonly container: string
  /** After how many milliseconds a session counts as stuck. */
  readonly limit: number
}
