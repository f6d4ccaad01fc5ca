/**
 * What an exercise is: its name, where its solution is, and its three hints: where to look, what to
 * notice, the line.
 *
 * @module
 */

import { Failure } from '../process/failure.ts'

/** An exercise. */
export type Exercise = {
  /** The number of its chapter. */
  readonly chapter: number
  /** The chapter's folder: `03-hijack`. */
  readonly folder: string
  /** Its file's name without the end: `03-hijack`, `03-hijack-split`. */
  readonly name: string
  /** What its file exports. */
  readonly exports: string
  /** Whether it is the whole stage of the chapter, or a small part of it. */
  readonly main: boolean
  /** The task, as an order. */
  readonly task: string
  /** Where its solution stands, in the folder of its chapter. */
  readonly solution: string
  readonly hints: readonly [where: string, notice: string, line: string]
}

/** What an exercise says of itself. */
type Parts = Pick<Exercise, 'exports' | 'task' | 'hints'>

/** A stage of the course with a hole in it. Its solution is the chapter's stage. */
export function stageExercise(folder: string, parts: Parts): Exercise {
  return {
    ...parts,
    ...{ chapter: Number(folder.slice(0, 2)), folder, name: folder },
    ...{ main: true, solution: 'stage.ts' },
  }
}

/** A small part of a chapter: a function by itself. */
export function partExercise(
  folder: string,
  part: string,
  parts: Parts & Pick<Exercise, 'solution'>,
): Exercise {
  const chapter = Number(folder.slice(0, 2))
  return { ...parts, chapter, folder, name: `${folder}-${part}`, main: false }
}

/** Whether an exercise is meant by its whole name, without the number, or by its own part of it. */
function matches({ name: whole, folder }: Exercise, name: string): boolean {
  const own = whole.slice(folder.length + 1)
  return [whole, whole.slice('01-'.length), own].some((text) => text !== '' && text === name)
}

/**
 * Finds an exercise of a chapter.
 *
 * @param name - without it the main one; else a whole name, or what stands behind the chapter's own
 * @throws a {@link Failure} that names those that there are
 */
export function findExercise(
  exercises: readonly Exercise[],
  chapter: number,
  name?: string,
): Exercise {
  const there = exercises.filter((exercise) => exercise.chapter === chapter)
  const found = there.find((exercise) =>
    name === undefined ? exercise.main : matches(exercise, name),
  )
  if (found) return found
  throw new Failure(
    there.length === 0
      ? `there is no chapter ${chapter}: they are numbered from 1 to 7`
      : `chapter ${chapter} has no exercise ${name}: there are ${there.map((one) => one.name.slice(3)).join(' and ')}`,
    1,
    'npm run check lists all of them.',
  )
}

/**
 * Finds an exercise by the words of a command line: `3`, `3 split`, `hijack`, `hijack-split`.
 *
 * @throws a {@link Failure} that says which word it was, and what there is
 */
export function exerciseNamed(
  exercises: readonly Exercise[],
  [first = '', ...rest]: readonly string[],
): Exercise {
  if (/^\d+$/.test(first)) return findExercise(exercises, Number(first), rest[0])
  const name = [first, ...rest].join('-')
  const found = exercises.find((exercise) => matches(exercise, name))
  if (found) return found
  const names = exercises.map((exercise) => exercise.name.slice('01-'.length))
  throw new Failure(
    `there is no exercise ${name}: there are ${names.join(', ')}`,
    1,
    'npm run check lists all of them.',
  )
}
