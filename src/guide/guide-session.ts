/**
 * What the parts of the guide share: its options, its menus and its screen.
 *
 * @module
 */

import type { Scope } from '../course/scope.ts'
import type { Walkable } from '../course/stage.ts'
import type { AnyExperiment } from '../experiments/experiment.ts'
import type { PlaceOptions } from '../find/place.ts'
import type { ExerciseProgress } from '../judging/exercise-records.ts'
import type { LivePage } from '../live/live-page.ts'
import type { Ask } from '../menus/ask.ts'
import type { Form } from '../menus/form.ts'
import type { Lesson } from '../questions/lesson.ts'
import type { ChapterMaterial } from '../questions/map.ts'
import type { AnyCompanion } from '../run/companion.ts'
import type { Page } from '../show/stage-lines.ts'
import type { TapeChoice } from '../tape/keep.ts'
import type { Settings } from './change-settings.ts'

/** A command of the workbook: `npm run check 3`, and the file that it runs. */
export type WorkbookCommand = {
  /** The command as you would type it. */
  readonly typed: string
  /** The path of its entry file. */
  readonly file: string
  readonly words: readonly string[]
}

/** One thing to do with an exercise: its key in the menu, its label, and the command that it runs. */
export type ExerciseAction = {
  readonly key: string
  readonly label: string
  readonly command: WorkbookCommand
}

/** One exercise of a chapter, and what its menu offers. */
export type ExerciseMenu = {
  /** `take the connection away from HTTP` */
  readonly title: string
  /** How far the learner is with it now. */
  readonly progress: () => ExerciseProgress
  /** The lines of its task. */
  readonly task: (page: Page) => string[]
  readonly actions: readonly ExerciseAction[]
  /** The next exercise that is not right. Undefined where all others are. */
  readonly next: () => ExerciseMenu | undefined
}

/** What the guide leads through, and with which settings it begins. */
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
  /** What there is to break and to write in each chapter, and how much of it was written. */
  readonly material: () => readonly ChapterMaterial[]
  /** The chapter to begin with, or undefined to begin with the menu of chapters. */
  readonly chapter: number | undefined
  readonly settings: Settings
  /** Makes the state that the course begins with. */
  readonly begin: (container: string, settings: Settings) => First
  readonly form: Exclude<Form, 'plain'>
  /** Open the live page of each chapter at once. */
  readonly live: boolean
  readonly tape: TapeChoice
  /** Whether sessions are shown beside their wire. */
  readonly beside?: boolean
}

/** What stays the same while the learner goes from chapter to chapter. */
export type GuideSession<First extends object> = {
  readonly options: GuideOptions<First>
  readonly ask: Ask
  readonly scope: Scope
  readonly page: Page
  /** The page for browsers that grows with the runs of all chapters, once it was opened. */
  live?: LivePage
  /** Whether the learner has read what `24x80` means in the picture. */
  hasShownSizeHint?: boolean
  /** What the learner has read about the engine. */
  shownEngineLines?: string
}

/** Writes lines to stdout. */
export function printLines(...lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`)
}
