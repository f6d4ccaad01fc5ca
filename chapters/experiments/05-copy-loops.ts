/**
 * Experiments with the copy loops: ends that nobody announces, frames that come cut, readers that
 * are slow, and keys that never arrive.
 *
 * @module
 */

import type { AnyExperiment } from '../../src/experiments/experiment.ts'
import { reset } from './05-copy-loops/broken.ts'
import { headerInTwo, unknownStream } from './05-copy-loops/frames.ts'
import { clientGone, noHalfClose, ttyHalfClose } from './05-copy-loops/half-close.ts'
import { ctrlCWithoutI, ctrlPHeldBack, detachKeys } from './05-copy-loops/keys.ts'
import { nobodyReads, slowReader } from './05-copy-loops/pressure.ts'
import { utf8InTwo } from './05-copy-loops/text.ts'
import { oneByteWrites, orderOfStreams } from './05-copy-loops/writes.ts'

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
