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
  readonly says: string
}

/** What a stage is made of. */
export type StageSource = {
  /** The chapter's file, as a path. */
  readonly file: string
  /** The path of the page that tells more about it, in Markdown. */
  readonly depth: string
  readonly docker: readonly GoSource[]
}

/** A chapter, with what it asks. */
export type Lesson = StageSource & {
  readonly predictions: readonly Prediction[]
}
