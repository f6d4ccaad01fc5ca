/**
 * Experiments with a terminal's size: never set, sent too early, sent too
 * often, refused, and with height and width swapped.
 *
 * @module
 */

import type { AnyExperiment } from '../../../src/experiments/experiment.ts'
import { resizeBeforeStart, resizeNever, resizeRefused } from './refused.ts'
import { consoleSize, noFirstSize, swapped, zeroByZero } from './size.ts'
import { resizeStorm, sameSizeAgain } from './storm.ts'

/** The experiments of chapter 6. Later ones build on earlier ones. */
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
