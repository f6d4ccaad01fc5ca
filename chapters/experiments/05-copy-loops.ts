/**
 * What can be broken in chapter 5.
 *
 * @module
 */

import type { AnyExperiment } from '../../src/experiments/experiment.ts'

/** The experiments of the chapter. */
export const experiments: readonly AnyExperiment[] = []
