/**
 * One check: the trials in a process of their own, and beside them the types.
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

/** What a check needs besides the exercise. */
export type CheckTools = JudgeProgram & {
  readonly scope: Scope
  /** All exercises, in their order. */
  readonly exercises: readonly Exercise[]
  /** The titles of the trials of an exercise. */
  readonly casesOf: (exercise: Exercise) => readonly string[]
  readonly page: Page
}

/** A daemon and a container for checks, and what there is to say of them. */
export type CheckPlace = JudgingPlace & { readonly lines: readonly string[] }

/** Finds the daemon, and makes a sandbox on it. */
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

/** Judges the learner's file, trials and types. */
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
  const asked = askTypes(file)
  const judged = await judge.judge({ host, container, jobs }, observer)
  observer.trial?.('the types', 'begins')
  const types = await asked
  // Ctrl-C may have reached the judging process first. Ours is heard in the next turn, and then it
  // was that process that was ended and not the learner's work: that is no verdict.
  await unlessProcessEnds(new Promise((resolve) => setTimeout(resolve, 20)))
  return withTypes(judged.verdicts[0] ?? verdictWithout(exercise.name, judged), types)
}

/** Work that runs, and that the compiler does not accept, is not done yet. */
function withTypes(verdict: Verdict, types: string | undefined): Verdict {
  if (types === undefined) return verdict
  const { complaint, ...rest } = verdict
  const before = verdict.right ? 'it works in every case. Only' : withFullStop(complaint ?? '')
  const both = verdict.right
    ? `${before} the types do not fit: ${types}`
    : `${before}\nAnd the types do not fit: ${types}`
  return { ...rest, right: false, complaint: both }
}
