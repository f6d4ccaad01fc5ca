/**
 * The learner's copies of the exercises, in `chapters/exercises/mine/`.
 *
 * git ignores that folder: the exercises themselves stay as they came, so a new version of the
 * workbook never meets a file that the learner has changed, and never writes over one.
 *
 * @module
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fillHoles } from '../../src/check/solve.ts'
import { codeOf, Failure } from '../../src/failure.ts'
import { stateFolder } from '../../src/state-folder.ts'
import type { Exercise } from './catalogue.ts'

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
const settings = '{ "extends": "../../../tsconfig.json", "include": ["*.ts"], "exclude": [] }\n'

function originalOf({ name }: Exercise, root: string): string {
  return readFileSync(join(root, 'chapters', 'exercises', `${name}.ts`), 'utf8')
}

/** The path of the learner's copy. */
export function fileOfMine({ name }: Exercise, root: string): string {
  return join(root, 'chapters', 'exercises', 'mine', `${name}.ts`)
}

/** A copy lies one folder deeper, and so its imports go up one more. */
function asCopy(text: string): string {
  return text.replace(/from '\.\.\//g, "from '../../").replace(/from '\.\/(?!\.)/g, "from '../")
}

/** Finds the learner's copy, or makes it. */
export function openMine(exercise: Exercise, root: string): Mine {
  const file = fileOfMine(exercise, root)
  if (existsSync(file)) return { file, isNew: false }
  const folder = join(file, '..')
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'tsconfig.json'), settings)
    writeFileSync(file, asCopy(originalOf(exercise, root)))
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
  const solution = readFileSync(join(root, 'chapters', 'exercises', exercise.solution), 'utf8')
  return asCopy(fillHoles(originalOf(exercise, root), solution))
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
  const fresh = asCopy(originalOf(exercise, root))
  if (text === fresh) return undefined

  const folder = join(stateFolder(), 'exercises')
  mkdirSync(folder, { recursive: true })
  const date = now.toISOString().replace(/[:.]/g, '-')
  const kept = join(folder, `${exercise.name}.${date}.ts`)
  // The copy comes first, and `wx` never writes over another one.
  writeFileSync(kept, text, { flag: 'wx' })
  writeFileSync(file, fresh)
  return kept
}

/** How far the learner is with an exercise, in a word or two. */
export function progressOf(exercise: Exercise, root: string): string {
  const file = fileOfMine(exercise, root)
  if (!existsSync(file)) return 'not begun'
  const { right } = recall(exercise)
  if (readFileSync(file, 'utf8') === asCopy(originalOf(exercise, root))) return 'not written yet'
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
    mkdirSync(stateFolder(), { recursive: true })
    writeFileSync(memory(), `${JSON.stringify(all, null, 2)}\n`)
  } catch {
    // A home that cannot be written to costs the memory of a hint, and nothing else.
  }
}
