/**
 * A trial for exercises that are functions: a table of calls, compared with the solution's results.
 *
 * @module
 */

import { inspect, isDeepStrictEqual } from 'node:util'
import { Failure } from '../process/failure.ts'
import { asError } from './load.ts'
import { type Result, resultsOnly, type Trial } from './trial.ts'

/** One row of a table: a call, and what there is to say where it comes out wrong. */
export type Case<Args extends readonly unknown[]> = {
  readonly asked: string
  readonly args: Args
  readonly hint: string
}

/** A trial that calls a function with each case and compares what comes back with the solution's. */
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
      const came = got.startsWith('throws: ') ? 'threw an error' : `gave ${got}`
      return `${cases[at]?.hint}. ${call} ${came}, and it is ${reference.results[at]?.got}`
    },
  }
}

/**
 * Says that a function gave something of another kind than it has to.
 *
 * @param kind - what it has to be: `a list`, `a text`
 */
export function wrongKind(given: unknown, kind: string): Failure {
  if (given instanceof Promise) return returnedPromise(given)
  return new Failure(`your function gave ${inspect(given)}, and it has to be ${kind}`)
}

function rejectPromise<Value>(value: Value): Value {
  if (value instanceof Promise) throw returnedPromise(value)
  return value
}

function returnedPromise(promise: Promise<unknown>): Failure {
  // That it fails, if it does, is not what is wrong with it.
  promise.catch(() => {})
  return new Failure('your function gave a promise: it is not async, it gives the value itself')
}

function byName([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !('type' in value)
}

/** A value as text: bytes as hexadecimal digits. */
function printValue(value: unknown): string {
  if (value === undefined) return 'undefined'
  return JSON.stringify(value, (_, inner: unknown) => {
    if (inner instanceof Uint8Array) return Buffer.from(inner).toString('hex')
    // The order of an object's fields is nobody's business.
    if (isPlain(inner)) return Object.fromEntries(Object.entries(inner).sort(byName))
    // A Buffer has made itself into this before we are asked.
    const buffer = inner as { type?: unknown; data?: number[] } | null
    return buffer?.type === 'Buffer' ? Buffer.from(buffer.data ?? []).toString('hex') : inner
  })
}
