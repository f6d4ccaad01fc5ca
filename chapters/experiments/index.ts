/**
 * All experiments, chapter by chapter.
 *
 * @module
 */

import type { AnyExperiment } from '../../src/experiments/experiment.ts'
import { experiments as create } from './01-create.ts'
import { experiments as start } from './02-start.ts'
import { experiments as hijack } from './03-hijack.ts'
import { experiments as rawMode } from './04-raw-mode.ts'
import { experiments as copyLoops } from './05-copy-loops.ts'
import { experiments as resize } from './06-resize.ts'
import { experiments as exitCode } from './07-exit-code.ts'

/** Every experiment there is. */
export const experiments: readonly AnyExperiment[] = [
  ...create,
  ...start,
  ...hijack,
  ...rawMode,
  ...copyLoops,
  ...resize,
  ...exitCode,
]
