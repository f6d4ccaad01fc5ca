/**
 * A trial for exercises that are plain functions: it makes a table of calls
 * and compares the results with the solution's.
 *
 * @module
 */

import { inspect, isDeepStrictEqual } from 'node:util'
import { Failure } from '../process/failure.ts'
import { asError } from './load.ts'
import { type Result, resultsOnly, type Trial } from './trial.ts'

/**
 * One row of a table: a call, and the hint to show if its result is wrong.
 */
export type Case<Args extends readonly unknown[]> = {
  readonly asked: string
  readonly args: Args
  readonly hint: string
}

/**
 * Creates a trial that calls a function with each case and compares its
 * results.
 */
export function table<Args extends readonly unknown[], Value>(
  title: string,
  cases: readonly Case<Args>[],
): Trial<(...args: Args) => Value> {
  return {
    title,
    async run(subject) {
      const results = cases.map(({ asked: call, args }): Result => {
        try {
          return { asked: call, got: printValue(rejectPromise(subject(...args))) }
        } catch (thrown) {
          const error = asError(thrown)
          return { asked: call, got: `throws: ${error.message}`, error }
        }
      })
      return resultsOnly(results, results.find(({ error }) => error)?.error)
    },
    judge(seen, reference) {
      const at = seen.results.findIndex(
        ({ got }, index) => !isDeepStrictEqual(got, reference.results[index]?.got),
      )
      if (at < 0) return undefined
      const { asked: call, got } = seen.results[at] ?? { asked: '', got: '' }
      const did = got.startsWith('throws: ') ? 'threw an error' : `returned ${got}`
      return `${cases[at]?.hint}. ${call} ${did}, but it has to return ${reference.results[at]?.got}`
    },
  }
}

/**
 * Creates the error for a function that returned a value of the wrong type.
 *
 * @param kind - what it should return: `a list`, `a string`
 */
export function wrongKind(given: unknown, kind: string): Failure {
  if (given instanceof Promise) return returnedPromise(given)
  return new Failure(`your function returned ${inspect(given)}, but it has to return ${kind}`)
}

function rejectPromise<Value>(value: Value): Value {
  if (value instanceof Promise) throw returnedPromise(value)
  return value
}

function returnedPromise(promise: Promise<unknown>): Failure {
  // If the promise is rejected too, that is not the point here.
  promise.catch(() => {})
  return new Failure(
    'your function returned a promise: it must not be async, but return the value itself',
  )
}

function byName([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !('type' in value)
}

/** Prints a value as JSON, with bytes in hexadecimal. */
function printValue(value: unknown): string {
  if (value === undefined) return 'undefined'
  return JSON.stringify(value, (_, inner: unknown) => {
    if (inner instanceof Uint8Array) return Buffer.from(inner).toString('hex')
    // The order of an object's fields doesn't matter.
    if (isPlain(inner)) return Object.fromEntries(Object.entries(inner).sort(byName))
    // A Buffer's toJSON has already turned it into an object.
    const buffer = inner as { type?: unknown; data?: number[] } | null
    return buffer?.type === 'Buffer' ? Buffer.from(buffer.data ?? []).toString('hex') : inner
  })
}
