/**
 * What stands in the hole of an exercise until the learner has filled it.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { Failure } from '../process/failure.ts'
import { causeChain, displayPath, placeIn } from './load.ts'
import { findHoles } from './solve.ts'

/** The words by which a check knows that a hole is still one. */
export const notWrittenMarker = 'not written yet'

/** How the verdict on a hole begins. */
export const openHolePrefix = 'Still open'

/** The error of a hole that was reached, also where another error was made of it. */
export function openHoleIn(error: Error | undefined): Error | undefined {
  return causeChain(error).findLast(({ message }) => message.includes(notWrittenMarker))
}

/** Says which hole was reached: `Still open: chapters/mine/02-start.ts, line 62 (onRequestUpgrade)`. */
export function describeHole(error: Error, file: string): string {
  const place = placeIn(error, file)
  if (!place) return `${openHolePrefix}: ${error.message}`
  const hole = findHoles(readFileSync(file, 'utf8')).find(({ name }) => name === place.name)
  const around = place.name && ` (${place.name})`
  return `${openHolePrefix}: ${displayPath(file)}, line ${hole?.line ?? place.line}${around}`
}

/**
 * Makes the error that an unsolved exercise throws.
 *
 * @param exercise - the number of its chapter and its name: `3 hijack`
 * @param _atHand - what there is to work with. It is named only so that nothing counts as unused.
 */
export function notWritten(exercise: string, ..._atHand: readonly unknown[]): Failure {
  const chapter = exercise.split(' ', 1)[0]
  return new Failure(
    `exercise ${exercise}: ${notWrittenMarker}`,
    1,
    `Write it where the file says YOUR CODE, then npm run check ${chapter}. A hint: npm run check -- ${chapter} --hint.`,
  )
}
