/**
 * The placeholder error in the hole of an exercise, and how a check
 * recognizes it.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { Failure } from '../process/failure.ts'
import { causeChain, displayPath, placeIn } from './load.ts'
import { findHoles } from './solve.ts'

/** The words by which a check recognizes the error of an open hole. */
export const notWrittenMarker = 'not written yet'

/** The beginning of the verdict on an open hole. */
export const openHolePrefix = 'Not written yet'

/** Finds the error of an open hole in an error or its causes. */
export function openHoleIn(error: Error | undefined): Error | undefined {
  return causeChain(error).findLast(({ message }) => message.includes(notWrittenMarker))
}

/**
 * Names the hole that was reached:
 * `Not written yet: chapters/mine/02-start.ts, line 62 (run)`.
 */
export function describeHole(error: Error, file: string): string {
  const place = placeIn(error, file)
  if (!place) return `${openHolePrefix}: ${error.message}`
  const hole = findHoles(readFileSync(file, 'utf8')).find(({ name }) => name === place.name)
  const inFunction = place.name && ` (${place.name})`
  return `${openHolePrefix}: ${displayPath(file)}, line ${hole?.line ?? place.line}${inFunction}`
}

/**
 * Creates the error that an unsolved exercise throws.
 *
 * @param exercise - the number of its chapter and its name: `3 hijack`
 * @param _atHand - the names you can use; passing them keeps the compiler
 * from reporting them as unused
 */
export function notWritten(exercise: string, ..._atHand: readonly unknown[]): Failure {
  const chapter = exercise.split(' ', 1)[0]
  return new Failure(
    `exercise ${exercise}: ${notWrittenMarker}`,
    1,
    `Write it where the file says YOUR CODE, then npm run check ${chapter}. For a hint: npm run check -- ${chapter} --hint.`,
  )
}
