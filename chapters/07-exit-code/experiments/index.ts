/**
 * Experiments with the exit code: who makes it, when it is there, and ends that have none.
 *
 * @module
 */

import type { AnyExperiment } from '../../../src/experiments/experiment.ts'
import { backgroundChild, detachedFailure } from './background.ts'
import { exit256, notFound, signalOrExit } from './codes.ts'
import { goneBeforeInspect, sigtermToClient } from './endings.ts'
import { askedTooEarly, lateExitCode, noExitCode } from './too-early.ts'

/** In the order in which they build on each other. */
export const experiments: readonly AnyExperiment[] = [
  askedTooEarly,
  lateExitCode,
  noExitCode,
  notFound,
  signalOrExit,
  exit256,
  backgroundChild,
  detachedFailure,
  goneBeforeInspect,
  sigtermToClient,
]
