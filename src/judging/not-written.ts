/**
 * What stands in the hole of an exercise until the learner has filled it.
 *
 * @module
 */

import { Failure } from '../process/failure.ts'

/** The words by which a check knows that a hole is still one. */
export const notWrittenYet = 'not written yet'

/**
 * Makes the error that an unsolved exercise throws.
 *
 * @param exercise - the number of its chapter and its name: `3 hijack`
 * @param _atHand - what there is to work with. It is named only so that nothing counts as unused.
 */
export function notWritten(exercise: string, ..._atHand: readonly unknown[]): Failure {
  const chapter = exercise.split(' ', 1)[0]
  return new Failure(
    `exercise ${exercise}: ${notWrittenYet}`,
    1,
    `Write it where the file says YOUR CODE, then npm run check ${chapter}. A hint: npm run check -- ${chapter} --hint.`,
  )
}
