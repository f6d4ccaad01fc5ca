/**
 * The learner's copies of the exercises, in `chapters/mine/`.
 *
 * git ignores that folder and the exercises themselves stay unchanged, so
 * updating the workbook never conflicts with the learner's work.
 *
 * @module
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { codeOf, Failure } from '../process/failure.ts'
import { makeStateFolder } from '../process/learner.ts'
import type { Exercise } from './exercise.ts'
import { fillHoles } from './solve.ts'

/** The learner's copy of an exercise. */
export type OwnFile = {
  readonly file: string
  /** True if the exercise has just been copied. */
  readonly isNew: boolean
}

/**
 * The tsconfig.json for the editor. The project's own type check excludes
 * this folder. Names imported for a hole and not used yet are not reported.
 */
const settings = `{
  "extends": "../../tsconfig.json",
  "compilerOptions": { "noUnusedLocals": false, "noUnusedParameters": false },
  "include": ["*.ts", "../../src/**/*.d.ts"],
  "exclude": []
}
`

/**
 * Returns the path of the original exercise file, relative to the repository.
 */
export function originalFileOf({ folder, name }: Exercise): string {
  return join('chapters', folder, 'exercises', `${name.slice('01-'.length)}.ts`)
}

/** Returns the path of the solution file, relative to the repository. */
export function solutionFileOf({ folder, solution }: Exercise): string {
  return join('chapters', folder, solution)
}

/** Returns the path of the learner's copy. */
export function ownFileOf({ name }: Exercise, root: string): string {
  return join(root, 'chapters', 'mine', `${name}.ts`)
}

/**
 * Returns the exercise's text as the learner's copy has it, with its imports
 * adjusted.
 */
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

/** Finds the learner's copy, or creates it. */
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
      'Your work is stored there. Make the workbook’s folder writable.',
    )
  }
  return { file, isNew: true }
}

/**
 * Whether the learner's copy exists and differs from the original exercise.
 */
export function isStarted(exercise: Exercise, root: string): boolean {
  const file = ownFileOf(exercise, root)
  return existsSync(file) && readFileSync(file, 'utf8') !== asCopy(exercise, root)
}

/** Returns the exercise with the solution's code in its holes. */
export function solutionOf(exercise: Exercise, root: string): string {
  const [original, solution] = [originalFileOf(exercise), solutionFileOf(exercise)].map((file) =>
    readFileSync(join(root, file), 'utf8'),
  )
  return movedImports(fillHoles(original ?? '', solution ?? ''), exercise)
}

/**
 * Replaces the learner's copy with the original exercise.
 *
 * @returns the path of a backup of the old copy, or undefined if it was
 * unchanged
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
  // Write the backup first. `wx` never overwrites another one.
  writeFileSync(kept, text, { flag: 'wx', mode: 0o600 })
  writeFileSync(file, fresh)
  return kept
}
