/**
 * Judges exercises as `npm run check` does, many at a time.
 *
 * @module
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Exercise } from '../../chapters/exercises/catalogue.ts'
import type { Job } from '../../chapters/exercises/judge.ts'
import { judgeAll } from '../../chapters/exercises/judging.ts'
import type { Verdict } from '../../chapters/exercises/verdicts/index.ts'
import { fillHoles } from '../../src/check/solve.ts'
import { startPracticeDaemon } from '../../src/practice/spawn.ts'
import { createScope } from '../../src/scope.ts'
import { program } from '../practice/daemon.ts'
import { startContainer } from '../support/engine.ts'
import { temporaryFolder } from '../support/folder.ts'
import { root } from '../support/scripts.ts'

/** The folder of the exercises. */
export const folder = join(root, 'chapters', 'exercises')

/** Judges files, in a container of their own. */
export async function judgeFiles(host: string, jobs: readonly Job[]): Promise<Verdict[]> {
  const box = await startContainer()
  const scope = createScope()
  try {
    return await judgeAll({ host, container: box.name, jobs }, root, scope)
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
  return judgeAll({ host, container, jobs }, root, scope).finally(scope.releaseAll)
}

/** Writes an exercise with its holes filled, and gives the path of it. */
export function solved({ name, solution }: Exercise): string {
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8')
  return writeSource(name, fillHoles(read(`${name}.ts`), read(solution)))
}

/** Writes a source that belongs into the folder of the exercises somewhere else. */
export function writeSource(name: string, text: string): string {
  const file = join(temporaryFolder('wbex'), `${name}.ts`)
  mkdirSync(dirname(file), { recursive: true })
  const moved = text.replace(/from '(\.[^']*)'/g, (_, path) => `from '${resolve(folder, path)}'`)
  writeFileSync(file, moved)
  return file
}
