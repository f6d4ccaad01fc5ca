/**
 * Experiments with the exit code: which program chooses it, when it is
 * available, and sessions that end without one.
 *
 * @module
 */

import type { AnyExperiment } from '../../../src/experiments/experiment.ts'
import { backgroundChild, detachedFailure } from './background.ts'
import { exit256, notFound, signalOrExit } from './codes.ts'
import { goneBeforeInspect, sigtermToClient } from './endings.ts'
import { parent } from './parent.ts'
import { askedTooEarly, lateExitCode, noExitCode } from './too-early.ts'

/** The experiments of chapter 7. Later ones build on earlier ones. */
export const experiments: readonly AnyExperiment[] = [
  askedTooEarly,
  lateExitCode,
  noExitCode,
  notFound,
  parent,
  signalOrExit,
  exit256,
  backgroundChild,
  detachedFailure,
  goneBeforeInspect,
  sigtermToClient,
]
