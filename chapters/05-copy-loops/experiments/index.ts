/**
 * Experiments with the copy loops: a missing half-close, split frames, slow
 * readers, keys that never arrive, and a connection that breaks.
 *
 * @module
 */

import type { AnyExperiment } from '../../../src/experiments/experiment.ts'
import { reset } from './broken.ts'
import { descriptors } from './descriptors.ts'
import { headerInTwo, unknownStream } from './frames.ts'
import { clientGone, noHalfClose, ttyHalfClose } from './half-close.ts'
import { ctrlCWithoutI, ctrlPHeldBack, detachKeys } from './keys.ts'
import { slowReader, unreadOutput } from './pressure.ts'
import { proxyCloses } from './proxy.ts'
import { utf8InTwo } from './text.ts'
import { oneByteWrites, orderOfStreams } from './writes.ts'

/** In teaching order: later ones build on earlier ones. */
export const experiments: readonly AnyExperiment[] = [
  noHalfClose,
  ttyHalfClose,
  proxyCloses,
  clientGone,
  headerInTwo,
  unknownStream,
  oneByteWrites,
  orderOfStreams,
  descriptors,
  utf8InTwo,
  unreadOutput,
  slowReader,
  ctrlCWithoutI,
  ctrlPHeldBack,
  detachKeys,
  reset,
]
