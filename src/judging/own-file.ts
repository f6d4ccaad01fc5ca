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
import { codeOf, Failure } from '../process/failure.ts'
import { makeStateFolder } from '../process/learner.ts'
import type { Exercise } from './exercise.ts'
import { fillHoles } from './solve.ts'

/** Where the learner's work on an exercise stands. */
export type OwnFile = {
  readonly file: string
  /** True when there was none, and the exercise has just been copied. */
  readonly isNew: boolean
}

/**
 * The editor's and the compiler's settings: the project's, whose own check leaves this folder out. A
 * name that is imported for the hole and not used yet is no error here.
 */
const settings = `{
  "extends": "../../tsconfig.json",
  "compilerOptions": { "noUnusedLocals": false, "noUnusedParameters": false },
  "include": ["*.ts", "../../src/**/*.d.ts"],
  "exclude": []
}
`

/** The file of an exercise as it came, as a path in the repository. */
export function originalFileOf({ folder, name }: Exercise): string {
  return join('chapters', folder, 'exercises', `${name.slice('01-'.length)}.ts`)
}

/** The file with its solution, as a path in the repository. */
export function solutionFileOf({ folder, solution }: Exercise): string {
  return join('chapters', folder, solution)
}

/** The path of the learner's copy. */
export function ownFileOf({ name }: Exercise, root: string): string {
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
export function openOwnFile(exercise: Exercise, root: string): OwnFile {
  const file = ownFileOf(exercise, root)
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

/** Whether the learner's copy is there and differs from the exercise as it came. */
export function isStarted(exercise: Exercise, root: string): boolean {
  const file = ownFileOf(exercise, root)
  return existsSync(file) && readFileSync(file, 'utf8') !== asCopy(exercise, root)
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
export function resetOwnFile(
  exercise: Exercise,
  root: string,
  now = new Date(),
): string | undefined {
  const file = ownFileOf(exercise, root)
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
