/**
 * What an experiment is: something to break or to change, a guess, a run for real, and what it
 * showed. Nothing in it is an answer key: the answer and the evidence are read off what was found.
 *
 * @module
 */

import type { Scope } from '../course/scope.ts'
import type { ExecPlace } from '../exec/exec-place.ts'

/** Where an experiment runs, and what helps it. */
export type ExperimentLab = ExecPlace & {
  /** Gives back what the experiment opened, on every way out. */
  readonly scope: Scope
  /** `Docker`, `Podman`, `practice daemon`: what the world's daemon calls itself. */
  readonly product: string
  /** A practice daemon of its own, with faults. Held in the scope. */
  readonly startPracticeDaemon: (...faults: readonly string[]) => Promise<ExecPlace>
  /** Says what it is doing, where that takes longer than a moment. */
  readonly progress: (line: string) => void
}

/** One experiment. `Facts` is what a run finds out, as plain values. */
export type Experiment<Facts = unknown> = {
  /** By which it is called: `started-twice`. */
  readonly name: string
  /** The number of the chapter that it belongs to. */
  readonly chapter: number
  /** What it is about, in a few words: `An exec that is started twice`. */
  readonly title: string
  /** What you do, in a sentence or two, with the bytes where they matter. */
  readonly action: string
  /** What to expect? */
  readonly question: string
  /** Answers to choose from, the right one among them whatever daemon it runs on. */
  readonly choices: readonly string[]
  /**
   * Where it can be shown: on whatever daemon there is, or, where a healthy one never does it, on
   * the practice daemon with its faults.
   */
  readonly where: 'any daemon' | 'practice daemon'
  /** Runs it for real. */
  readonly run: (lab: ExperimentLab) => Promise<Facts>
  /** Which of the choices it was, read off the facts. Undefined where they show none of them. */
  readonly answer: (facts: Facts) => string | undefined
  /** What there is to see: lines of at most 76 characters, the bytes, the statuses, the times. */
  readonly evidence: (facts: Facts) => readonly string[]
  /** Why it is so, in a few sentences. */
  readonly why: (facts: Facts) => string
  /** The bug or the wish in the world that it explains. */
  readonly report: { readonly what: string; readonly url: string }
  /** How docker's own client handles it, with the function where that is. */
  readonly docker: string
}

/** An experiment whose facts are known to itself only. */
// biome-ignore lint/suspicious/noExplicitAny: what `run` finds goes into the three functions beside it and nowhere else.
export type AnyExperiment = Experiment<any>
