/**
 * The learner's progress: the chapters that are done, the questions that come back and the experiments
 * that were run, in a small readable file in the learner's own folder. It names the chapters, so that
 * a chapter that gets another number keeps its mark.
 *
 * @module
 */

import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf } from '../process/failure.ts'
import { describeSaveError, makeStateFolder, stateFolder } from '../process/learner.ts'
import type { WalkResult } from '../run/walk-chapter.ts'

/** What is kept of one chapter. */
export type ChapterProgress = {
  /** When it was run to its end for the first time, as an ISO date with its time. */
  readonly doneAt?: string
  /** Questions that were answered wrong, by name, with the chapter before which they come back. */
  readonly comeBack?: Readonly<Record<string, number>>
  /** Questions that were answered right, by name. They are not asked any more. */
  readonly known?: readonly string[]
}

/** What is kept. */
export type Progress = {
  /** By the chapter's name. */
  readonly chapters: Readonly<Record<string, ChapterProgress>>
  /** The experiments that ran to their end, by name. */
  readonly experiments?: readonly string[]
}

/** The path of the progress file. */
function progressFile(environment?: NodeJS.ProcessEnv): string {
  return join(stateFolder(environment), 'progress.json')
}

/**
 * Reads the progress. A damaged file is renamed with a warning, never deleted.
 *
 * @param warn - gets the sentence
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
      warn(`Your progress cannot be read: ${(error as Error).message}`)
      return { chapters: {} }
    }
  }
  const aside = `${file}.unreadable`
  try {
    renameSync(file, aside)
    warn(
      `Your progress in ${file} is not valid JSON. It was kept as ${aside}, and counting begins anew.`,
    )
  } catch (error) {
    warn(
      `Your progress in ${file} is not valid JSON, and could not be renamed: ${(error as Error).message}`,
    )
  }
  return { chapters: {} }
}

/** Changes what is kept of one chapter. A file that cannot be written is only warned about. */
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

/** Keeps that a chapter is done, if its stage ran to its end. */
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

/** Keeps that an experiment ran to its end. */
export function recordExperiment(name: string, warn: (line: string) => void): void {
  const progress = readProgress(warn)
  const others = (progress.experiments ?? []).filter((other) => other !== name)
  write({ ...progress, experiments: [...others, name] }, warn)
}

function write(progress: Progress, warn: (line: string) => void): void {
  try {
    const file = join(makeStateFolder(), 'progress.json')
    // Write a new file and rename it, so that a full disk or a kill leaves the old one intact.
    writeFileSync(`${file}.new`, `${JSON.stringify(progress, null, 2)}\n`, { mode: 0o600 })
    renameSync(`${file}.new`, file)
  } catch (error) {
    warn(`Your progress could not be kept: ${describeSaveError(error, stateFolder())}`)
  }
}
