/**
 * Walks a course stage by stage, and gives everything back wherever it stops.
 *
 * @module
 */

import type { Kit } from './kit.ts'
import { type AnyStage, type Course, isDone } from './stage.ts'

/** One stage that has run. */
export type Step = {
  /** Counted from 1, as the chapters are. */
  readonly number: number
  readonly stage: AnyStage
  /** The state that went in. */
  readonly before: object
  /** The state that came out. */
  readonly state: object
  /** How long the stage ran, in milliseconds. */
  readonly milliseconds: number
}

/**
 * Runs the stages one after the other and yields behind each. Whoever wants to stop says
 * `break`: the `finally` below is the only one there is, and it runs on a break, on an error
 * and at the end alike.
 */
export async function* walk<First extends object>(
  course: Pick<Course<First, unknown>, 'stages' | 'first'>,
  first: First,
  kit: Kit,
): AsyncGenerator<Step, void, void> {
  let state: object = first
  let number = 0
  try {
    for (const stage of course.stages) {
      number += 1
      const before = state
      const began = performance.now()
      state = await stage.run(before, kit)
      yield { number, stage, before, state, milliseconds: performance.now() - began }
      if (isDone(state)) return
    }
  } finally {
    await kit.scope.releaseAll()
  }
}
