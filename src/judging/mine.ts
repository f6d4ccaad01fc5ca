/**
 * The learner's copies of the exercises, in `chapters/mine/`.
 *
 * git ignores that folder: the exercises themselves stay as they came, so a new version of the
 * workbook never meets a file that the learner has changed, and never writes over one.
 *
 * @module
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { type AnyStage, courseWith, type Walkable } from '../course/stage.ts'
import { codeOf, Failure } from '../process/failure.ts'
import { makeStateFolder, stateFolder } from '../process/learner.ts'
import type { Exercise } from './exercise.ts'
import { describeThrown, loadExport, shown } from './load.ts'
import { fillHoles } from './solve.ts'

/** Where the learner's work on an exercise stands. */
export type Mine = {
  readonly file: string
  /** True when there was none, and the exercise has just been copied. */
  readonly isNew: boolean
}

/** What is remembered of an exercise. */
export type Remembered = {
  /** How many hints have been given. */
  readonly hints: number
  /** Whether the last check was passed; undefined where there was none. */
  readonly right?: boolean
}

/** The editor's and the compiler's settings are the project's, but its own check leaves this out. */
const settings = '{ "extends": "../../tsconfig.json", "include": ["*.ts"], "exclude": [] }\n'

/** The file of an exercise as it came, as a path in the repository. */
export function originalFileOf({ folder, name }: Exercise): string {
  return join('chapters', folder, 'exercises', `${name.slice('01-'.length)}.ts`)
}

/** The file with its solution, as a path in the repository. */
export function solutionFileOf({ folder, solution }: Exercise): string {
  return join('chapters', folder, solution)
}

/** The path of the learner's copy. */
export function fileOfMine({ name }: Exercise, root: string): string {
  return join(root, 'chapters', 'mine', `${name}.ts`)
}

/** The exercise as a copy: it lies in another folder, so its imports take another way. */
function asCopy(exercise: Exercise, root: string): string {
  return movedImports(readFileSync(join(root, originalFileOf(exercise)), 'utf8'), exercise)
}

function movedImports(text: string, exercise: Exercise): string {
  const here = join('chapters', 'mine')
  const there = dirname(originalFileOf(exercise))
  return text.replace(
    /from '(\.[^']*)'/g,
    (_, path) => `from '${relative(here, join(there, path)).replaceAll('\\', '/')}'`,
  )
}

/** Finds the learner's copy, or makes it. */
export function openMine(exercise: Exercise, root: string): Mine {
  const file = fileOfMine(exercise, root)
  if (existsSync(file)) return { file, isNew: false }
  const folder = join(file, '..')
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'tsconfig.json'), settings)
    writeFileSync(file, asCopy(exercise, root))
  } catch (error) {
    throw new Failure(
      `cannot write ${file}: ${codeOf(error) || (error as Error).message}`,
      1,
      'Your work goes there: make the folder of the workbook writable.',
    )
  }
  return { file, isNew: true }
}

/** The learner's copy as it would be with the reference's lines in its holes. */
export function solutionOf(exercise: Exercise, root: string): string {
  const [original, solution] = [originalFileOf(exercise), solutionFileOf(exercise)].map((file) =>
    readFileSync(join(root, file), 'utf8'),
  )
  return movedImports(fillHoles(original ?? '', solution ?? ''), exercise)
}

/**
 * Puts the exercise back as it came.
 *
 * @returns where the work of until now is kept, or undefined where there was none
 */
export function resetMine(exercise: Exercise, root: string, now = new Date()): string | undefined {
  const file = fileOfMine(exercise, root)
  if (!existsSync(file)) return undefined
  const text = readFileSync(file, 'utf8')
  const fresh = asCopy(exercise, root)
  if (text === fresh) return undefined

  const folder = makeStateFolder('exercises')
  const date = now.toISOString().replace(/[:.]/g, '-')
  const kept = join(folder, `${exercise.name}.${date}.ts`)
  // The copy comes first, and `wx` never writes over another one.
  writeFileSync(kept, text, { flag: 'wx', mode: 0o600 })
  writeFileSync(file, fresh)
  return kept
}

/** How far the learner is with an exercise, in a word or two. */
export function progressOf(exercise: Exercise, root: string): string {
  const file = fileOfMine(exercise, root)
  if (!existsSync(file)) return 'not begun'
  const { right } = recall(exercise)
  if (readFileSync(file, 'utf8') === asCopy(exercise, root)) return 'not written yet'
  if (right === undefined) return 'begun'
  return right ? 'right' : 'not right yet'
}

const memory = (): string => join(stateFolder(), 'exercises.json')

function recallAll(): Record<string, Remembered> {
  try {
    return JSON.parse(readFileSync(memory(), 'utf8')) as Record<string, Remembered>
  } catch {
    // There is none yet, or it cannot be read. It holds nothing that cannot be found out again.
    return {}
  }
}

/** What is remembered of an exercise. */
export function recall({ name }: Exercise): Remembered {
  return recallAll()[name] ?? { hints: 0 }
}

/** Remembers something of an exercise. */
export function remember(exercise: Exercise, changes: Partial<Remembered>): void {
  write({ ...recallAll(), [exercise.name]: { ...recall(exercise), ...changes } })
}

/** Forgets hints and verdict of an exercise, as if it had never been begun. */
export function forget({ name }: Exercise): void {
  const { [name]: _, ...others } = recallAll()
  write(others)
}

/** Writes what is remembered into a file that a person can read. */
function write(all: Readonly<Record<string, Remembered>>): void {
  try {
    makeStateFolder()
    writeFileSync(memory(), `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 })
  } catch {
    // A home that cannot be written to costs the memory of a hint, and nothing else.
  }
}

/**
 * The whole course, with the learner's stage in one place and the reference's in all others.
 *
 * @param warn - gets a line when the exercise has just been copied
 */
export function courseWithMine<First extends object>(
  course: Walkable<First>,
  exercise: Exercise,
  root: string,
  warn: (line: string) => void,
): Walkable<First> {
  const { file, isNew } = openMine(exercise, root)
  if (isNew) warn(`exercise ${exercise.chapter} is yours now, in ${shown(file)}`)
  const mine = loadExport<AnyStage>(file, exercise.exports)
  return courseWith(course, exercise.chapter, {
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
          `npm run check ${exercise.chapter} says what it should have done.`,
        )
      }
    },
  })
}
