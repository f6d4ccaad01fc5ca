/**
 * A trial for exercises that are functions: a table of calls, compared with the solution's results.
 *
 * @module
 */

import { isDeepStrictEqual } from 'node:util'
import { seenResults, type Trial } from './trial.ts'

/** One row of a table: a call, and what there is to say where it comes out wrong. */
export type Case<Args extends readonly unknown[]> = {
  readonly asked: string
  readonly args: Args
  readonly wrong: string
}

/** A trial that calls a function with each case and compares what comes back with the solution's. */
export function table<Args extends readonly unknown[], Value>(
  title: string,
  cases: readonly Case<Args>[],
): Trial<(...args: Args) => Value> {
  return {
    title,
    async run(subject) {
      let failed: unknown
      const results = cases.map(({ asked: call, args }) => {
        try {
          return { asked: call, got: show(subject(...args)) }
        } catch (error) {
          failed ??= error
          return { asked: call, got: `throws: ${(error as Error).message}` }
        }
      })
      return seenResults(results, failed)
    },
    judge(seen, reference) {
      const at = seen.results.findIndex(
        ({ got }, index) => !isDeepStrictEqual(got, reference.results[index]?.got),
      )
      if (at < 0) return undefined
      const { asked: call, got } = seen.results[at] ?? { asked: '', got: '' }
      return `${cases[at]?.wrong}. ${call} gave ${got}, and it is ${reference.results[at]?.got}`
    },
  }
}

function byName([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !('type' in value)
}

/** A value as text: bytes as hexadecimal digits. */
function show(value: unknown): string {
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
