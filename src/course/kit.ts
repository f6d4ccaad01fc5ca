/**
 * What every stage is handed besides the state: the daemon, the terminal, and a place
 * to register what it holds open.
 *
 * @module
 */

import type { Engine } from '../engine/engine.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { Scope } from './scope.ts'

/** The tools of a stage. What a stage makes goes into its state, not in here. */
export type Kit = {
  /** The daemon: ordinary requests, and the one that is taken away from HTTP. */
  readonly engine: Engine
  /** The learner's side: standard input, output and error, and the terminal behind them. */
  readonly terminal: Terminal
  /** Gives back what the stages hold. */
  readonly scope: Scope
}
