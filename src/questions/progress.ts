/**
 * The learner's progress: finished chapters, review questions and finished
 * experiments, in a small readable file in the learner's own folder. It
 * stores chapters by name, so a renumbered chapter keeps its mark.
 *
 * @module
 */

import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf } from '../process/failure.ts'
import { describeSaveError, makeStateFolder, stateFolder } from '../process/learner.ts'
import type { WalkResult } from '../run/walk-chapter.ts'

/** The progress in one chapter. */
export type ChapterProgress = {
  /** When a run of it first finished, as an ISO date and time. */
  readonly doneAt?: string
  /**
   * Questions answered wrong, by name, with the chapter in which they are
   * asked again.
   */
  readonly comeBack?: Readonly<Record<string, number>>
  /** The names of the questions answered right. They are not asked again. */
  readonly known?: readonly string[]
}

/** The progress file. */
export type Progress = {
  /** By chapter name. */
  readonly chapters: Readonly<Record<string, ChapterProgress>>
  /** The names of the experiments that finished. */
  readonly experiments?: readonly string[]
}

/** Returns the path of the progress file. */
function progressFile(environment?: NodeJS.ProcessEnv): string {
  return join(stateFolder(environment), 'progress.json')
}

/**
 * Reads the progress. A damaged file is renamed with a warning, never
 * deleted.
 *
 * @param warn - receives the warning
 */
export function readProgress(warn: (line: string) => void, file = progressFile()): Progress {
  try {
    const read = JSON.parse(readFileSync(file, 'utf8')) as Partial<Progress> | null
    if (read && typeof read.chapters === 'object' && read.chapters) {
      const { chapters, experiments } = read
      return { chapters, ...(Array.isArray(experiments) && { experiments }) }
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return { chapters: {} }
    if (codeOf(error) !== '') {
      warn(`Could not read your progress: ${(error as Error).message}`)
      return { chapters: {} }
    }
  }
  const aside = `${file}.unreadable`
  try {
    renameSync(file, aside)
    warn(
      `Could not read your progress from ${file}: it is not valid JSON. The file is now ${aside}, and your progress starts at zero.`,
    )
  } catch (error) {
    warn(
      `Could not read your progress from ${file}: it is not valid JSON. Could not rename it: ${(error as Error).message}`,
    )
  }
  return { chapters: {} }
}

/**
 * Changes the progress in one chapter. If the file cannot be written, this
 * only warns.
 */
export function changeProgress(
  chapter: string,
  change: (kept: ChapterProgress) => ChapterProgress,
  warn: (line: string) => void,
): void {
  const progress = readProgress(warn)
  const { chapters } = progress
  write(
    { ...progress, chapters: { ...chapters, [chapter]: change(chapters[chapter] ?? {}) } },
    warn,
  )
}

/** Records that a chapter is finished, if its stage finished. */
export function recordDone(
  { stages, failure }: WalkResult,
  chapter: number,
  warn: (line: string) => void,
): void {
  const done = stages.find(({ number }) => number === chapter)
  if (!done || failure) return
  const doneAt = new Date().toISOString()
  changeProgress(done.name, (kept) => ({ ...kept, doneAt: kept.doneAt ?? doneAt }), warn)
}

/** Records that an experiment finished. */
export function recordExperiment(name: string, warn: (line: string) => void): void {
  const progress = readProgress(warn)
  const others = (progress.experiments ?? []).filter((other) => other !== name)
  write({ ...progress, experiments: [...others, name] }, warn)
}

function write(progress: Progress, warn: (line: string) => void): void {
  try {
    const file = join(makeStateFolder(), 'progress.json')
    // Write a new file and rename it, so a full disk or a kill leaves the old
    // file intact.
    writeFileSync(`${file}.new`, `${JSON.stringify(progress, null, 2)}\n`, { mode: 0o600 })
    renameSync(`${file}.new`, file)
  } catch (error) {
    warn(`Could not save your progress: ${describeSaveError(error, stateFolder())}`)
  }
}
