/**
 * Experiments with the size of a terminal: none, too early, too often, refused, the wrong way round.
 *
 * @module
 */

import type { AnyExperiment } from '../../../src/experiments/experiment.ts'
import { resizeBeforeStart, resizeNever, resizeRefused } from './refused.ts'
import { consoleSize, noFirstSize, swapped, zeroByZero } from './size.ts'
import { resizeStorm, sameSizeAgain } from './storm.ts'

/** In the order in which they build on each other. */
export const experiments: readonly AnyExperiment[] = [
  noFirstSize,
  consoleSize,
  resizeBeforeStart,
  resizeRefused,
  resizeNever,
  resizeStorm,
  sameSizeAgain,
  zeroByZero,
  swapped,
]
