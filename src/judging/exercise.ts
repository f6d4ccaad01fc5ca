/**
 * Describes an exercise: its name, its task, its solution, and three hints
 * that say where to look, what to notice, and which line to write.
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
  /** Its file name without the extension: `03-hijack`, `03-hijack-split`. */
  readonly name: string
  /** The name that its file exports. */
  readonly exports: string
  /** True for the chapter's whole stage, false for a small part of it. */
  readonly main: boolean
  /** The task, in the imperative. */
  readonly task: string
  /** The path of its solution, relative to the chapter's folder. */
  readonly solution: string
  readonly hints: readonly [where: string, notice: string, line: string]
}

/** The fields that each exercise defines itself. */
type Parts = Pick<Exercise, 'exports' | 'task' | 'hints'>

/**
 * Defines an exercise that is a whole stage. Its solution is the chapter's
 * stage.
 */
export function stageExercise(folder: string, parts: Parts): Exercise {
  return {
    ...parts,
    ...{ chapter: Number(folder.slice(0, 2)), folder, name: folder },
    ...{ main: true, solution: 'stage.ts' },
  }
}

/** Defines an exercise that is a single function of a chapter. */
export function partExercise(
  folder: string,
  part: string,
  parts: Parts & Pick<Exercise, 'solution'>,
): Exercise {
  const chapter = Number(folder.slice(0, 2))
  return { ...parts, chapter, folder, name: `${folder}-${part}`, main: false }
}

/**
 * Whether a name means this exercise: `03-hijack-split`, `hijack-split` or
 * `split`.
 */
function matches({ name: whole, folder }: Exercise, name: string): boolean {
  const own = whole.slice(folder.length + 1)
  return [whole, whole.slice('01-'.length), own].some((text) => text !== '' && text === name)
}

/**
 * Finds an exercise of a chapter.
 *
 * @param name - the full name or its last part; by default the main exercise
 * @throws a {@link Failure} that lists the chapter's exercises
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
      ? `chapter ${chapter} does not exist: chapters are numbered 1 to 7`
      : `chapter ${chapter} has no exercise ${name}: it has ${there.map((one) => one.name.slice(3)).join(' and ')}`,
    1,
    'npm run check lists all exercises.',
  )
}

/**
 * Finds an exercise by its command-line words: `3`, `3 split`, `hijack`,
 * `hijack-split`.
 *
 * @throws a {@link Failure} that names the unknown exercise and lists the
 * known ones
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
    `unknown exercise "${name}"; choose one of: ${names.join(', ')}`,
    1,
    'npm run check lists all exercises.',
  )
}
