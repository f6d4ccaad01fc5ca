/**
 * What the runner knows of a chapter beside its stage.
 *
 * @module
 */

import type { Prediction } from './prediction.ts'

/** The same place in Docker's own code. */
export type GoSource = {
  /** `2015`, as in the article, or `today`. */
  readonly when: '2015' | 'today'
  /** `cli/command/container/exec.go` */
  readonly file: string
  /** `RunExec` */
  readonly function: string
  /** What it does there, in a sentence. */
  readonly summary: string
}

/** A place in Docker's client of 2015, as in the article. */
export function in2015(file: string, name: string, says: string): GoSource {
  return { when: '2015', file, function: name, summary: says }
}

/** A place in Docker's client of today. */
export function today(file: string, name: string, says: string): GoSource {
  return { when: 'today', file, function: name, summary: says }
}

/** What a stage is made of. */
export type StageSource = {
  /** The chapter's file, as a path. */
  readonly file: string
  /** The path of the page that tells more about it, in Markdown. */
  readonly depth: string
  readonly docker: readonly GoSource[]
}

/** A chapter, with what it tells and asks. */
export type Lesson = StageSource &
  Pick<LessonNotes, 'story' | 'missing' | 'withoutTty' | 'contrast'> & {
    readonly predictions: readonly Prediction[]
  }

/** A second run, made without a terminal after one with a terminal. */
export type Contrast = {
  /** Why there is a second run, in a sentence or two. */
  readonly why: string
  readonly command: readonly string[]
}

/**
 * How long the parts of a chapter take in a room, in whole minutes. The plans in `docs/workshop.md` are
 * made from these. They are for a room with thirty people, not for one person who knows the way.
 */
export type ChapterMinutes = {
  /** The story, at a board or on a screen. */
  readonly story: number
  /** Everybody guesses, and runs the chapter. */
  readonly run: number
  /** Looking together at the wire, the state and the terminal. */
  readonly look: number
  /** Breaking something, in pairs. */
  readonly experiment: number
  /** The main exercise, alone. */
  readonly exercise: number
}

/**
 * What is done with a chapter in a room, and what to say when it is over. One experiment is enough for
 * five minutes: it runs in seconds, and the rest is for the guess and the explanation.
 */
export type WorkshopNotes = {
  /** What to look at together. */
  readonly look: string
  /** What is broken in pairs, by the name of the experiment. */
  readonly experiment: string
  /** What to say when it is over. True on every daemon. */
  readonly afterExperiment: string
  /** What to ask or to say when the exercise is over. */
  readonly afterExercise: string
  /** Another experiment, for whoever is quick. */
  readonly anotherExperiment: string
}

/** What a chapter's folder says in its `lesson.ts`. */
export type LessonNotes = {
  /** What the chapter is about, in at most 420 characters, read before the stage runs. */
  readonly story: string
  /** What does not work yet when the chapter is over: the reason for the next one. */
  readonly missing: string
  /** The two for a run without a tty, where they are others. */
  readonly withoutTty?: { readonly story: string; readonly missing: string }
  /** A second run that shows what the first one cannot. */
  readonly contrast?: Contrast
  readonly docker: readonly GoSource[]
  readonly minutes: ChapterMinutes
  readonly workshop: WorkshopNotes
}
