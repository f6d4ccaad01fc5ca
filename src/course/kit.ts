/**
 * What every stage gets besides the state: the daemon, the terminal, and a
 * scope for the resources that it opens.
 *
 * @module
 */

import type { Engine } from '../engine/engine.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { Scope } from './scope.ts'

/** The tools of a stage. Its results go into the state, not in here. */
export type Kit = {
  /**
   * The daemon: ordinary requests, and the one whose connection is hijacked.
   */
  readonly engine: Engine
  /** The learner's side: stdin, stdout, stderr and their terminal. */
  readonly terminal: Terminal
  /** Releases the resources of the stages. */
  readonly scope: Scope
}
