/**
 * What each chapter asks before it runs. Every answer is read off the run that follows.
 *
 * @module
 */

import type { Prediction } from '../../src/runner/prediction.ts'
import { createPredictions } from './01-create.ts'
import { startPredictions } from './02-start.ts'
import { hijackPredictions } from './03-hijack.ts'
import { rawModePredictions } from './04-raw-mode.ts'
import { copyLoopsPredictions } from './05-copy-loops.ts'
import { resizePredictions } from './06-resize.ts'
import { exitCodePredictions } from './07-exit-code.ts'

/** The questions, chapter by chapter. */
export const predictions: readonly (readonly Prediction[])[] = [
  createPredictions,
  startPredictions,
  hijackPredictions,
  rawModePredictions,
  copyLoopsPredictions,
  resizePredictions,
  exitCodePredictions,
]
