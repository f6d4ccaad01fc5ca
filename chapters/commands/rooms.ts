/**
 * The rooms of the seven chapters, in their order. Every room has the same files, and whatever is about
 * one chapter is in its room.
 *
 * @module
 */

import { join } from 'node:path'
import type { Exercise } from '../../src/judging/exercise.ts'
import type { Trials } from '../../src/judging/judge.ts'
import { loadExport } from '../../src/judging/load.ts'
import type { Lesson, LessonNotes } from '../../src/questions/lesson.ts'
import type { Prediction } from '../../src/questions/prediction.ts'
import { exercises as createExercises } from '../01-create/exercises/index.ts'
import { lesson as createLesson } from '../01-create/lesson.ts'
import { questions as createQuestions } from '../01-create/questions.ts'
import { exercises as startExercises } from '../02-start/exercises/index.ts'
import { lesson as startLesson } from '../02-start/lesson.ts'
import { questions as startQuestions } from '../02-start/questions.ts'
import { exercises as hijackExercises } from '../03-hijack/exercises/index.ts'
import { lesson as hijackLesson } from '../03-hijack/lesson.ts'
import { questions as hijackQuestions } from '../03-hijack/questions.ts'
import { exercises as rawModeExercises } from '../04-raw-mode/exercises/index.ts'
import { lesson as rawModeLesson } from '../04-raw-mode/lesson.ts'
import { questions as rawModeQuestions } from '../04-raw-mode/questions.ts'
import { exercises as copyLoopsExercises } from '../05-copy-loops/exercises/index.ts'
import { lesson as copyLoopsLesson } from '../05-copy-loops/lesson.ts'
import { questions as copyLoopsQuestions } from '../05-copy-loops/questions.ts'
import { exercises as resizeExercises } from '../06-resize/exercises/index.ts'
import { lesson as resizeLesson } from '../06-resize/lesson.ts'
import { questions as resizeQuestions } from '../06-resize/questions.ts'
import { exercises as exitCodeExercises } from '../07-exit-code/exercises/index.ts'
import { lesson as exitCodeLesson } from '../07-exit-code/lesson.ts'
import { questions as exitCodeQuestions } from '../07-exit-code/questions.ts'
import { root } from './paths.ts'

/** What is loaded of a chapter whenever the course is shown. */
export type Room = {
  /** Its folder in `chapters/`: `03-hijack`. */
  readonly folder: string
  readonly lesson: LessonNotes
  readonly questions: readonly Prediction[]
  readonly exercises: readonly Exercise[]
}

/** The rooms. Trials and experiments are in them too, and are loaded when somebody wants one. */
export const rooms: readonly Room[] = [
  {
    folder: '01-create',
    lesson: createLesson,
    questions: createQuestions,
    exercises: createExercises,
  },
  { folder: '02-start', lesson: startLesson, questions: startQuestions, exercises: startExercises },
  {
    folder: '03-hijack',
    lesson: hijackLesson,
    questions: hijackQuestions,
    exercises: hijackExercises,
  },
  {
    folder: '04-raw-mode',
    lesson: rawModeLesson,
    questions: rawModeQuestions,
    exercises: rawModeExercises,
  },
  {
    folder: '05-copy-loops',
    lesson: copyLoopsLesson,
    questions: copyLoopsQuestions,
    exercises: copyLoopsExercises,
  },
  {
    folder: '06-resize',
    lesson: resizeLesson,
    questions: resizeQuestions,
    exercises: resizeExercises,
  },
  {
    folder: '07-exit-code',
    lesson: exitCodeLesson,
    questions: exitCodeQuestions,
    exercises: exitCodeExercises,
  },
]

/** The exercises of all rooms. */
export const exercises: readonly Exercise[] = rooms.flatMap((room) => room.exercises)

/** The lesson of each chapter, for the runner. */
export function lessons(): Lesson[] {
  return rooms.map(({ folder, lesson, questions }) => ({
    file: join(root, 'chapters', folder, 'stage.ts'),
    depth: join(root, 'chapters', folder, 'lesson.md'),
    docker: lesson.docker,
    predictions: questions,
  }))
}

/** Loads what an exercise has to pass. */
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
