/**
 * All experiments, chapter by chapter.
 *
 * @module
 */

import type { AnyExperiment } from '../../src/experiments/experiment.ts'
import { experiments as create } from '../01-create/experiments.ts'
import { experiments as start } from '../02-start/experiments.ts'
import { experiments as hijack } from '../03-hijack/experiments.ts'
import { experiments as rawMode } from '../04-raw-mode/experiments.ts'
import { experiments as copyLoops } from '../05-copy-loops/experiments/index.ts'
import { experiments as resize } from '../06-resize/experiments/index.ts'
import { experiments as exitCode } from '../07-exit-code/experiments/index.ts'

/** All experiments. */
export const experiments: readonly AnyExperiment[] = [
  ...create,
  ...start,
  ...hijack,
  ...rawMode,
  ...copyLoops,
  ...resize,
  ...exitCode,
]
