/**
 * Walks a course stage by stage, and releases everything wherever it stops.
 *
 * @module
 */

import type { Kit } from './kit.ts'
import { type AnyStage, isDone, type Walkable } from './stage.ts'

/** One stage that has run. */
export type Step = {
  /** The chapter's number, from 1. */
  readonly number: number
  readonly stage: AnyStage
  /** The state that the stage took. */
  readonly before: object
  /** The state that it passed on. */
  readonly state: object
  /** How long the stage ran, in milliseconds. */
  readonly milliseconds: number
}

/** Where a walk ends, and who observes it. */
export type WalkOptions = {
  /** The number of the last stage to run. Without it all stages run. */
  readonly last?: number
  /**
   * Called and awaited before each stage, with the state that it will take.
   */
  readonly before?: (stage: AnyStage, state: object) => void | Promise<void>
}

/**
 * Runs the stages in order and yields after each. To stop, `break` out of the
 * loop. The one `finally` below releases everything on a break, on an error
 * and at the end.
 */
export async function* walk<First extends object>(
  course: Walkable<First>,
  first: First,
  kit: Kit,
  { last, before: beforeStage }: WalkOptions = {},
): AsyncGenerator<Step, void, void> {
  let state: object = first
  let number = 0
  try {
    for (const stage of course.stages.slice(0, last)) {
      number += 1
      const before = state
      await beforeStage?.(stage, before)
      const startedAt = performance.now()
      state = await stage.run(before, kit)
      yield { number, stage, before, state, milliseconds: performance.now() - startedAt }
      if (isDone(state)) return
    }
  } finally {
    await kit.scope.releaseAll()
  }
}
