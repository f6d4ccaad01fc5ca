/**
 * The course with the learner's own stage in it, for `npm run chapter 3 -- --mine`.
 *
 * @module
 */

import type { AnyStage, Walkable } from '../../src/course/stage.ts'
import { describeThrown, loadExport, shown } from '../../src/judging/load.ts'
import { Failure } from '../../src/process/failure.ts'
import type { Asked } from '../01-create/stage.ts'
import { dockerExec } from '../index.ts'
import { findExercise } from './exercises.ts'
import { openMine } from './mine.ts'

/** The course with one stage in the place of the reference's. */
export function courseWith(number: number, stage: AnyStage): Walkable<Asked> {
  return { stages: dockerExec.stages.map((other, at) => (at + 1 === number ? stage : other)) }
}

/**
 * The whole course, with the learner's stage in one place and the reference's in all others.
 *
 * @param warn - gets a line when the exercise has just been copied
 */
export function courseWithMine(
  chapter: number,
  root: string,
  warn: (line: string) => void,
): Walkable<Asked> {
  const { file, isNew } = openMine(findExercise(chapter), root)
  if (isNew) warn(`exercise ${chapter} is yours now, in ${shown(file)}`)
  const mine = loadExport<AnyStage>(file, findExercise(chapter).exports)
  return courseWith(chapter, {
    ...mine,
    name: `${mine.name}, yours (${shown(file)})`,
    async run(state, kit) {
      try {
        const out: unknown = await mine.run(state, kit)
        if (typeof out === 'object' && out !== null) return out
        throw new Failure('your stage returned nothing: it returns the state, with what it adds')
      } catch (error) {
        if (error instanceof Failure) throw error
        throw new Failure(
          `your stage threw an error: ${describeThrown(error as Error, file)}`,
          1,
          `npm run check ${chapter} says what it should have done.`,
        )
      }
    },
  })
}
