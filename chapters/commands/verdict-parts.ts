/**
 * What the verdicts of all exercises have in common: a course with one stage exchanged, and a
 * table of calls for exercises that are functions.
 *
 * @module
 */

import { isDeepStrictEqual } from 'node:util'
import type { AnyStage } from '../../src/course/stage.ts'
import type { Happening } from '../../src/judging/happening.ts'
import {
  type Seen,
  type Session,
  seenResults,
  type Trial,
  type World,
  watchSession,
} from '../../src/judging/trial.ts'
import type { Asked } from '../01-create/stage.ts'
import { courseWith } from './course-with-mine.ts'

export { courseWith } from './course-with-mine.ts'

/** Makes the run of a trial: the whole course, with the learner's stage in its place. */
export function inStory(
  number: number,
  session: (world: World) => Omit<Session, 'stages' | 'watched'>,
): Trial<AnyStage>['run'] {
  return (stage, world) =>
    watchSession({ ...courseWith(number, stage), watched: number, ...session(world) }, world)
}

/** What is asked where nothing special is. */
export function asked(container: string, changes: Partial<Asked>): Asked {
  return {
    container,
    command: ['true'],
    user: '',
    privileged: false,
    tty: false,
    interactive: false,
    detach: false,
    detachKeys: '',
    env: [],
    workingDir: '',
    ...changes,
  }
}

/** The requests of a session, in their order. */
export function requestsIn({ happenings }: Seen): (Happening & { readonly kind: 'request' })[] {
  return happenings.filter((happening) => happening.kind === 'request')
}

/** Where the first happening stands that fits, or -1. */
export function indexOf({ happenings }: Seen, kind: Happening['kind'], path = /./): number {
  return happenings.findIndex(
    (happening) => happening.kind === kind && (!('path' in happening) || path.test(happening.path)),
  )
}

/** All bytes of one kind, in one piece. */
export function bytesIn(
  { happenings }: Pick<Seen, 'happenings'>,
  kind: 'sent' | 'received' | 'stdout' | 'stderr',
): Buffer {
  return Buffer.concat(
    happenings.flatMap((happening) =>
      happening.kind === kind && 'bytes' in happening ? [happening.bytes] : [],
    ),
  )
}

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
