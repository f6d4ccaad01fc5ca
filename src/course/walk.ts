/**
 * Walks a course stage by stage, and gives everything back wherever it stops.
 *
 * @module
 */

import type { Kit } from './kit.ts'
import { type AnyStage, isDone, type Walkable } from './stage.ts'

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

/** Where a walk ends, and who looks on. */
export type WalkOptions = {
  /** The number of the last stage to run; without it all of them run. */
  readonly last?: number
  /** Called before each stage, with the state that it will take. The stage waits for it. */
  readonly before?: (stage: AnyStage, state: object) => void | Promise<void>
}

/**
 * Runs the stages one after the other and yields behind each. Whoever wants to stop says
 * `break`: the `finally` below is the only one there is, and it runs on a break, on an error
 * and at the end alike.
 */
export async function* walk<First extends object>(
  course: Walkable<First>,
  first: First,
  kit: Kit,
  { last, before: look }: WalkOptions = {},
): AsyncGenerator<Step, void, void> {
  let state: object = first
  let number = 0
  try {
    for (const stage of course.stages.slice(0, last)) {
      number += 1
      const before = state
      await look?.(stage, before)
      const began = performance.now()
      state = await stage.run(before, kit)
      yield { number, stage, before, state, milliseconds: performance.now() - began }
      if (isDone(state)) return
    }
  } finally {
    await kit.scope.releaseAll()
  }
}
