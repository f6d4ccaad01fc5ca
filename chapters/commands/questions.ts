/**
 * What each chapter asks before it runs. Every answer is read off the run that follows.
 *
 * @module
 */

import type { Prediction } from '../../src/questions/prediction.ts'
import { createPredictions } from '../01-create/questions.ts'
import { startPredictions } from '../02-start/questions.ts'
import { hijackPredictions } from '../03-hijack/questions.ts'
import { rawModePredictions } from '../04-raw-mode/questions.ts'
import { copyLoopsPredictions } from '../05-copy-loops/questions.ts'
import { resizePredictions } from '../06-resize/questions.ts'
import { exitCodePredictions } from '../07-exit-code/questions.ts'

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
