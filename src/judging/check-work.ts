/**
 * Runs one check: the trials in a separate process, and the type check in
 * parallel.
 *
 * @module
 */

import type { Scope } from '../course/scope.ts'
import { findPlace, type PlaceOptions } from '../find/place.ts'
import { unlessProcessEnds } from '../process/ending.ts'
import { engineLines, sandboxLines } from '../show/place-lines.ts'
import type { Page } from '../show/stage-lines.ts'
import { createRecorder } from '../tape/recorder.ts'
import type { Exercise } from './exercise.ts'
import type { Verdict } from './judge.ts'
import {
  type Judge,
  type JudgeProgram,
  type JudgingObserver,
  type JudgingPlace,
  verdictWithout,
} from './judge-process.ts'
import { ownFileOf } from './own-file.ts'
import { withFullStop } from './rules.ts'
import type { CheckTypes } from './types.ts'

/** Everything a check needs besides the exercise. */
export type CheckTools = JudgeProgram & {
  readonly scope: Scope
  /** All exercises, in course order. */
  readonly exercises: readonly Exercise[]
  /** Returns the titles of an exercise's trials. */
  readonly casesOf: (exercise: Exercise) => readonly string[]
  readonly page: Page
}

/** A daemon and a container for checks, and the lines that describe them. */
export type CheckPlace = JudgingPlace & { readonly lines: readonly string[] }

/** Finds a daemon and creates a sandbox on it. */
export async function findCheckPlace(
  options: PlaceOptions,
  { scope, page }: Pick<CheckTools, 'scope' | 'page'>,
  warn: (line: string) => void,
): Promise<CheckPlace> {
  const lines: string[] = []
  const place = await findPlace(options, createRecorder(), scope, {
    engine: (found) => void lines.push(...engineLines(found, page)),
    sandbox: (name, image) => void lines.push(...sandboxLines(name, image, page)),
    warn,
  })
  return { host: place.engine.host, container: place.container, lines }
}

/** Judges the learner's file: runs the trials and checks the types. */
export async function checkWork(
  exercise: Exercise,
  { host, container }: JudgingPlace,
  judge: Judge,
  askTypes: CheckTypes,
  root: string,
  observer: JudgingObserver,
): Promise<Verdict> {
  const file = ownFileOf(exercise, root)
  const jobs = [{ exercise: exercise.name, file }]
  const checkedTypes = askTypes(file)
  const judged = await judge.judge({ host, container, jobs }, observer)
  observer.trial?.('the type check', 'begins')
  const typeError = await checkedTypes
  // Ctrl-C may have killed the judging process before our own handler runs.
  // Wait a moment for it, because an interrupted check must not give a
  // verdict.
  await unlessProcessEnds(new Promise((resolve) => setTimeout(resolve, 20)))
  return withTypeError(judged.verdicts[0] ?? verdictWithout(exercise.name, judged), typeError)
}

/**
 * Adds a type error to a verdict. Code that runs but doesn't compile isn't
 * right.
 */
function withTypeError(verdict: Verdict, typeError: string | undefined): Verdict {
  if (typeError === undefined) return verdict
  const { complaint, ...rest } = verdict
  const both = verdict.right
    ? `your code passes every trial, but it has a type error: ${typeError}`
    : `${withFullStop(complaint ?? '')}\nIt also has a type error: ${typeError}`
  return { ...rest, right: false, complaint: both }
}
