/**
 * Where execs run for everyone who is not a chapter.
 *
 * @module
 */

import type { Engine } from '../engine/engine.ts'
import type { Address } from '../engine/parse-host.ts'
import type { EventLog } from '../tape/recorder.ts'

/** Connects to the daemon, with a log of its connections. */
export type Connect = (log?: EventLog) => Promise<Engine>

/** A daemon, a container on it, and how long a session there may take. */
export type ExecPlace = {
  /** Connects to the daemon that the check found. */
  readonly connect: Connect
  /** Where that daemon is. */
  readonly address: Address
  /** A running container on it, with a shell. */
  readonly container: string
  /** How long a session may take, in milliseconds, before it counts as stuck. */
  readonly limit: number
}
