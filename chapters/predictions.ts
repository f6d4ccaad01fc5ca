/**
 * What each chapter asks before it runs. Every answer is read off the run that follows.
 *
 * @module
 */

import type { Prediction } from '../src/runner/prediction.ts'

/** The questions, chapter by chapter. */
export const predictions: readonly (readonly Prediction[])[] = [[], [], [], [], [], [], []]
