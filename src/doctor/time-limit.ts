/**
 * A limit for what may never answer. The workbook itself waits as long as docker does; a doctor that
 * waits for ever has found nothing.
 *
 * @module
 */

import { Failure } from '../process/failure.ts'

/** What is thrown when the time is over. It looks like a connection that timed out. */
function tooLate(seconds: number): Failure {
  const failure = new Failure(`no answer within ${seconds} s`)
  failure.cause = Object.assign(new Error(failure.message), { code: 'ETIMEDOUT' })
  return failure
}

/**
 * Waits for work, but not longer than this.
 *
 * @param late - gets the result that comes after all, so that it can be given back
 * @throws a {@link Failure} when the time is over
 */
export async function within<Result>(
  seconds: number,
  work: Promise<Result>,
  late: (result: Result) => void = () => {},
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  work.then(
    (result) => isOver && late(result),
    () => {},
  )
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      isOver = true
      reject(tooLate(seconds))
    }, seconds * 1000)
  })
  return Promise.race([work, limit]).finally(() => clearTimeout(timer))
}
