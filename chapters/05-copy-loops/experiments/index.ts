/**
 * Experiments with the copy loops: ends that nobody announces, frames that come cut, readers that
 * are slow, and keys that never arrive.
 *
 * @module
 */

import type { AnyExperiment } from '../../../src/experiments/experiment.ts'
import { reset } from './broken.ts'
import { headerInTwo, unknownStream } from './frames.ts'
import { clientGone, noHalfClose, ttyHalfClose } from './half-close.ts'
import { ctrlCWithoutI, ctrlPHeldBack, detachKeys } from './keys.ts'
import { nobodyReads, slowReader } from './pressure.ts'
import { utf8InTwo } from './text.ts'
import { oneByteWrites, orderOfStreams } from './writes.ts'

/** In the order in which they build on each other. */
export const experiments: readonly AnyExperiment[] = [
  noHalfClose,
  ttyHalfClose,
  clientGone,
  headerInTwo,
  unknownStream,
  oneByteWrites,
  orderOfStreams,
  utf8InTwo,
  nobodyReads,
  slowReader,
  ctrlCWithoutI,
  ctrlPHeldBack,
  detachKeys,
  reset,
]
