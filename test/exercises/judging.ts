/**
 * Judges exercises as `npm run check` does, in batches.
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

/**
 * Judges files. If one of them ends the process, a new process judges the
 * rest.
 */
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

/** Judges files in a new container. */
export async function judgeFiles(host: string, jobs: readonly Job[]): Promise<Verdict[]> {
  const box = await startContainer()
  const scope = createScope()
  try {
    return await judgeAt({ host, container: box.name }, jobs, scope)
  } finally {
    await scope.releaseAll()
    await box.release()
  }
}

/**
 * Judges files on a practice daemon, which supports the current API when the
 * engine may not.
 */
export async function judgeOnPractice(jobs: readonly Job[]): Promise<Verdict[]> {
  const scope = createScope()
  const practice = await startPracticeDaemon({ program, faults: [] })
  scope.hold('practice daemon', practice, practice.close)
  const { host, container } = practice
  return judgeAt({ host, container }, jobs, scope).finally(scope.releaseAll)
}

/** Writes a solved exercise, or an attempt at it, and returns the path. */
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
