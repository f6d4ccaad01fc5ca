/**
 * Trials that run the whole course, with the learner's stage in place of the
 * reference.
 *
 * @module
 */

import { type AnyStage, courseWith, type Walkable } from '../course/stage.ts'
import type { ExecPlace } from '../exec/exec-place.ts'
import { type Trial, type TrialSession, watchSession } from './trial.ts'

/**
 * Returns a function that makes a trial's `run` out of a session of the whole
 * course.
 */
export function inCourse<First extends object>(course: Walkable<First>, number: number) {
  return (
    session: (world: ExecPlace) => Omit<TrialSession, 'stages' | 'watched'>,
  ): Trial<AnyStage>['run'] =>
    (stage, world) => {
      const stages = courseWith(course, number, stage)
      return watchSession({ ...stages, watched: number, ...session(world) }, world)
    }
}
