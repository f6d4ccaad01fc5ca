/**
 * What the parts of the guide share: its options, its questions and its page.
 *
 * @module
 */

import type { Scope } from '../course/scope.ts'
import type { Walkable } from '../course/stage.ts'
import type { AnyExperiment } from '../experiments/experiment.ts'
import type { Place, PlaceOptions } from '../find/place.ts'
import type { ExerciseProgress } from '../judging/exercise-records.ts'
import type { LivePage } from '../live/live-page.ts'
import type { Ask } from '../menus/ask.ts'
import type { Form } from '../menus/form.ts'
import type { Lesson } from '../questions/lesson.ts'
import type { ChapterMaterial } from '../questions/overview.ts'
import type { AnyCompanion } from '../run/companion.ts'
import type { Page } from '../show/stage-lines.ts'
import type { TapeChoice } from '../tape/keep.ts'
import type { Settings } from './change-settings.ts'

/**
 * A workbook command, such as `npm run check 3`, and the file that it runs.
 */
export type WorkbookCommand = {
  /** The command as you would type it. */
  readonly typed: string
  /** The path of its entry file. */
  readonly file: string
  readonly words: readonly string[]
}

/**
 * One action for an exercise: its key in the menu, its label, and the command
 * that it runs.
 */
export type ExerciseAction = {
  readonly key: string
  readonly label: string
  readonly command: WorkbookCommand
}

/** One exercise of a chapter and its menu. */
export type ExerciseMenu = {
  /** `take the connection away from HTTP` */
  readonly title: string
  /** The learner's current progress. */
  readonly progress: () => ExerciseProgress
  /** Returns the lines of its task. */
  readonly task: (page: Page) => string[]
  readonly actions: readonly ExerciseAction[]
  /**
   * Returns the next unsolved exercise, or undefined if all others are
   * solved.
   */
  readonly next: () => ExerciseMenu | undefined
}

/** The course that the guide presents, and its initial settings. */
export type GuideOptions<First extends object> = Omit<PlaceOptions, 'container'> & {
  readonly course: Walkable<First>
  /** One companion for each stage of the course. */
  readonly companions: readonly AnyCompanion[]
  /** One lesson for each stage of the course. */
  readonly lessons: readonly Lesson[]
  /** The exercises, chapter by chapter. */
  readonly exercises: readonly (readonly ExerciseMenu[])[]
  /** Loads the experiments of all chapters. */
  readonly experiments: () => readonly AnyExperiment[]
  /**
   * Returns the experiments and exercises of each chapter, and how many
   * exercises are solved.
   */
  readonly material: () => readonly ChapterMaterial[]
  /** The first chapter to show, or undefined to show the menu of chapters. */
  readonly chapter: number | undefined
  readonly settings: Settings
  /**
   * Creates the input of the first stage. Throws for options that the daemon
   * does not know.
   */
  readonly begin: (place: Place, settings: Settings) => First
  readonly form: Exclude<Form, 'plain'>
  /** Whether to open the live page of each chapter at once. */
  readonly live: boolean
  readonly tape: TapeChoice
  /** Whether sessions are shown beside their wire. */
  readonly beside?: boolean
}

/** The parts that stay the same while the learner moves between chapters. */
export type GuideSession<First extends object> = {
  readonly options: GuideOptions<First>
  readonly ask: Ask
  readonly scope: Scope
  readonly page: Page
  /** The live page in the browser, once it has been opened. */
  live?: LivePage
  /** Whether the meaning of a size such as `24x80` has been shown. */
  hasShownSizeHint?: boolean
  /** The lines about the engine that were shown last. */
  shownEngineLines?: string
}

/** Writes lines to stdout. */
export function printLines(...lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`)
}
