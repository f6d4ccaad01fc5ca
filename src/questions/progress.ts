/**
 * The learner's progress: the chapters that are done and the questions that come back, in a small
 * readable file in the learner's own folder. It names the chapters, so that a chapter that gets
 * another number keeps its mark.
 *
 * @module
 */

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { codeOf } from '../process/failure.ts'
import { stateFolder } from '../process/learner.ts'

/** What is kept of one chapter. */
export type ChapterProgress = {
  /** When it was run to its end for the first time, as an ISO date with its time. */
  readonly doneAt?: string
  /** Questions that were answered wrong, by name, with the chapter before which they come back. */
  readonly comeBack?: Readonly<Record<string, number>>
  /** Questions that were answered right, by name. They are not asked any more. */
  readonly known?: readonly string[]
}

/** What is kept, by the chapter's name. */
export type Progress = { readonly chapters: Readonly<Record<string, ChapterProgress>> }

/** The path of the progress file. */
export function progressFile(environment?: NodeJS.ProcessEnv): string {
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
    if (read && typeof read.chapters === 'object' && read.chapters)
      return { chapters: read.chapters }
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
      `Your progress in ${file} makes no sense. It was kept as ${aside}, and counting begins anew.`,
    )
  } catch (error) {
    warn(`Your progress in ${file} makes no sense, and stays so: ${(error as Error).message}`)
  }
  return { chapters: {} }
}

/** Changes what is kept of one chapter. A file that cannot be written is only warned about. */
export function changeProgress(
  chapter: string,
  change: (kept: ChapterProgress) => ChapterProgress,
  warn: (line: string) => void,
  file = progressFile(),
): void {
  const { chapters } = readProgress(warn, file)
  const changed: Progress = {
    chapters: { ...chapters, [chapter]: change(chapters[chapter] ?? {}) },
  }
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    // Write a new file and rename it, so that a full disk or a kill leaves the old one intact.
    writeFileSync(`${file}.new`, `${JSON.stringify(changed, null, 2)}\n`, { mode: 0o600 })
    renameSync(`${file}.new`, file)
  } catch (error) {
    warn(`Your progress could not be kept: ${(error as Error).message}`)
  }
}
