/**
 * What the workbook knows about a chapter in addition to its stage.
 *
 * @module
 */

import type { Prediction } from './prediction.ts'

/**
 * A place in Docker's client that does the same as a place in ours. Its
 * repository and commit are in `docker-source.ts`.
 */
export type GoSource = {
  /** `2015`, as in the article, or `today`. */
  readonly when: '2015' | 'today'
  /** The path in its repository: `cli/command/container/exec.go` */
  readonly file: string
  /** The function, or the type or constant: `RunExec` */
  readonly function: string
  /** The first and the last line, counted from 1. */
  readonly lines: readonly [first: number, last: number]
  /** What it does and what differs from ours, in a few sentences. */
  readonly summary: string
}

/** A place in Docker's 2015 client, as in the article. */
export function in2015(
  file: string,
  name: string,
  lines: GoSource['lines'],
  summary: string,
): GoSource {
  return { when: '2015', file, function: name, lines, summary }
}

/** A place in Docker's current client. */
export function today(
  file: string,
  name: string,
  lines: GoSource['lines'],
  summary: string,
): GoSource {
  return { when: 'today', file, function: name, lines, summary }
}

/** The sources of a stage. */
export type StageSource = {
  /** The path of the chapter's file. */
  readonly file: string
  /** The path of the Markdown page that goes deeper. */
  readonly depth: string
  /** The places in Docker that correspond to the stage's `run`. */
  readonly docker: readonly GoSource[]
}

/** A chapter with its texts and questions. */
export type Lesson = StageSource &
  Pick<LessonNotes, 'story' | 'missing' | 'withoutTty' | 'contrast'> & {
    readonly predictions: readonly Prediction[]
  }

/** A second run without a TTY, after one with a TTY. */
export type Contrast = {
  /** The reason for the second run, in one or two sentences. */
  readonly why: string
  readonly command: readonly string[]
}

/**
 * How long each part of a chapter takes in a workshop, in whole minutes.
 * `docs/workshop.md` builds its plans from these numbers. They assume a room
 * of thirty people.
 */
export type ChapterMinutes = {
  /** The story, on a board or a screen. */
  readonly story: number
  /** Everyone guesses and runs the chapter. */
  readonly run: number
  /** Everyone looks at the wire, the state and the terminal together. */
  readonly look: number
  /** An experiment, in pairs. */
  readonly experiment: number
  /** The main exercise, individually. */
  readonly exercise: number
}

/**
 * Notes for a workshop. One experiment is enough for five minutes: it runs in
 * seconds, and the rest of the time is for the guess and the explanation.
 */
export type WorkshopNotes = {
  /** What to look at together. */
  readonly look: string
  /** The name of the experiment for pairs. */
  readonly experiment: string
  /** What to say after it. It has to be true for every daemon. */
  readonly afterExperiment: string
  /** What to ask or to say after the exercise. */
  readonly afterExercise: string
  /** Another experiment for fast pairs. */
  readonly anotherExperiment: string
}

/** What a chapter's folder summary in its `lesson.ts`. */
export type LessonNotes = {
  /**
   * The topic of the chapter, shown before the stage runs, in at most 420
   * characters.
   */
  readonly story: string
  /**
   * What does not work yet after the chapter: the reason for the next one.
   */
  readonly missing: string
  /** Replaces both texts for a run without a TTY. */
  readonly withoutTty?: { readonly story: string; readonly missing: string }
  /** A second run that shows what the first one cannot. */
  readonly contrast?: Contrast
  readonly minutes: ChapterMinutes
  readonly workshop: WorkshopNotes
}
