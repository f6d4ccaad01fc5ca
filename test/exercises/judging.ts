/**
 * Judges exercises as `npm run check` does, many at a time.
 *
 * @module
 */

import { writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { judgeProgram } from '../../chapters/commands/paths.ts'
import { createScope, type Scope } from '../../src/course/scope.ts'
import type { Exercise } from '../../src/judging/exercise.ts'
import type { Verdict } from '../../src/judging/judge.ts'
import {
  type Job,
  type JudgingPlace,
  startJudge,
  verdictWithout,
} from '../../src/judging/judge-process.ts'
import { originalFileOf } from '../../src/judging/own-file.ts'
import { startPracticeDaemon } from '../../src/practice/spawn.ts'
import { program } from '../practice/daemon.ts'
import { startContainer } from '../support/engine.ts'
import { temporaryFolder } from '../support/folder.ts'
import { root } from '../support/scripts.ts'
import { type Attempt, textOf } from './attempts.ts'

/** Judges files, and after one that ended the process the others in a new one. */
export async function judgeAt(
  place: JudgingPlace,
  jobs: readonly Job[],
  scope: Scope,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  while (verdicts.length < jobs.length) {
    const left = jobs.slice(verdicts.length)
    const judge = startJudge({ program: judgeProgram, root, scope })
    const judged = await judge.judge({ ...place, jobs: left })
    verdicts.push(...judged.verdicts)
    const [unfinished] = left.slice(judged.verdicts.length)
    if (unfinished) verdicts.push(verdictWithout(unfinished.exercise, judged))
  }
  return verdicts
}

/** Judges files, in a container of their own. */
export async function judgeFiles(host: string, jobs: readonly Job[]): Promise<Verdict[]> {
  const box = await startContainer()
  const scope = createScope()
  try {
    return await judgeAt({ host, container: box.name }, jobs, scope)
  } finally {
    await scope.releaseAll()
    await box.remove()
  }
}

/** Judges files on a practice daemon, which knows all of the API, where the engine may be an old one. */
export async function judgeOnPractice(jobs: readonly Job[]): Promise<Verdict[]> {
  const scope = createScope()
  const practice = await startPracticeDaemon({ program, faults: [] })
  scope.hold('practice daemon', practice, practice.close)
  const { host, container } = practice
  return judgeAt({ host, container }, jobs, scope).finally(scope.releaseAll)
}

/** Writes an exercise with its holes filled, or an attempt at it, and gives the path of it. */
export function solved(exercise: Exercise, attempt: Partial<Attempt> = {}): string {
  const folder = dirname(join(root, originalFileOf(exercise)))
  const file = join(temporaryFolder('wbex'), `${exercise.name}.ts`)
  const moved = textOf(exercise, attempt).replace(
    /from '(\.[^']*)'/g,
    (_, path) => `from '${resolve(folder, path)}'`,
  )
  writeFileSync(file, moved)
  return file
}
