/**
 * The folders of the seven chapters, in order. Every folder has the same
 * files, and everything about one chapter is in its folder.
 *
 * @module
 */

import { join } from 'node:path'
import type { Exercise } from '../../src/judging/exercise.ts'
import type { Trials } from '../../src/judging/judge.ts'
import { loadExport } from '../../src/judging/load.ts'
import { openOwnFile } from '../../src/judging/own-file.ts'
import type { Lesson, LessonNotes } from '../../src/questions/lesson.ts'
import type { Prediction } from '../../src/questions/prediction.ts'
import { mainPlaces, type Rows } from '../../src/questions/rows.ts'
import type { AnyCompanion } from '../../src/run/companion.ts'
import type { Task } from '../../src/tasks/task.ts'
import * as create from '../01-create/index.ts'
import * as start from '../02-start/index.ts'
import * as hijack from '../03-hijack/index.ts'
import * as rawMode from '../04-raw-mode/index.ts'
import * as copyLoops from '../05-copy-loops/index.ts'
import * as resize from '../06-resize/index.ts'
import * as exitCode from '../07-exit-code/index.ts'
import { root } from './paths.ts'

/** What is loaded from a chapter's folder whenever the course is shown. */
export type ChapterFolder = {
  /** The folder's name in `chapters/`: `03-hijack`. */
  readonly folder: string
  /** The name of the stage in its `stage.ts`: `rawMode`. */
  readonly stage: string
  readonly lesson: LessonNotes
  readonly questions: readonly Prediction[]
  readonly companion: AnyCompanion
  /** What stands beside each declaration of the stage's file. */
  readonly rows: Rows
  /** The tasks for the session, if the chapter has one. */
  readonly tasks?: readonly Task[]
  readonly exercises: readonly Exercise[]
}

/** The folders, in the order of the chapters. */
export const chapterFolders: readonly ChapterFolder[] = [
  { folder: '01-create', stage: 'create', ...create },
  { folder: '02-start', stage: 'start', ...start },
  { folder: '03-hijack', stage: 'hijack', ...hijack },
  { folder: '04-raw-mode', stage: 'rawMode', ...rawMode },
  { folder: '05-copy-loops', stage: 'copyLoops', ...copyLoops },
  { folder: '06-resize', stage: 'resize', ...resize },
  { folder: '07-exit-code', stage: 'exitCode', ...exitCode },
]

/** The companion of each stage, with its tasks. */
export const companions: readonly AnyCompanion[] = chapterFolders.map(
  ({ companion, tasks = [] }) => ({
    ...companion,
    tasks,
  }),
)

/** The exercises of all chapters. */
export const exercises: readonly Exercise[] = chapterFolders.flatMap((folder) => folder.exercises)

/**
 * Returns the lesson of each chapter.
 *
 * @param ownExercise - the exercise whose stage is the learner's own; the
 * lesson shows the learner's file
 */
export function lessons(ownExercise?: Exercise): Lesson[] {
  return chapterFolders.map(({ folder, stage, lesson, questions, rows }) => ({
    file:
      ownExercise?.folder === folder
        ? openOwnFile(ownExercise, root).file
        : join(root, 'chapters', folder, 'stage.ts'),
    depth: join(root, 'chapters', folder, 'lesson.md'),
    docker: mainPlaces(rows[stage] ?? {}),
    ...lesson,
    predictions: questions,
  }))
}

/** Loads the trials of an exercise. */
export function findTrials(name: string): { readonly exports: string; readonly trials: Trials } {
  const exercise = exercises.find((one) => one.name === name)
  if (!exercise) return { exports: '', trials: { reference: undefined, trials: [] } }
  const file = join(root, 'chapters', exercise.folder, 'exercises', 'verdicts.ts')
  const all = loadExport<Readonly<Record<string, Trials>>>(file, 'trials')
  return {
    exports: exercise.exports,
    trials: all[name] ?? { reference: undefined, trials: [] },
  }
}

/** Returns the titles of the trials of an exercise. */
export function casesOf({ name }: Exercise): string[] {
  return findTrials(name).trials.trials.map(({ title }) => title)
}
