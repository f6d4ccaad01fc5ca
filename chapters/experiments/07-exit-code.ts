/**
 * Experiments with the exit code: who makes it, when it is there, and ends that have none.
 *
 * @module
 */

import type { AnyExperiment } from '../../src/experiments/experiment.ts'
import { backgroundChild, detachedFailure } from './07-exit-code/background.ts'
import { exit256, notFound, signalOrExit } from './07-exit-code/codes.ts'
import { goneBeforeInspect, sigtermToClient } from './07-exit-code/endings.ts'
import { askedTooEarly, lateExitCode, noExitCode } from './07-exit-code/too-early.ts'

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
