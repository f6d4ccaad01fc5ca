/**
 * An experiment: something to break or change, a guess, a real run and its
 * evidence. There is no answer key: the answer and the evidence come from
 * what the run found.
 *
 * @module
 */

import type { Scope } from '../course/scope.ts'
import type { ExecPlace } from '../exec/exec-place.ts'

/** Where an experiment runs, and its tools. */
export type ExperimentLab = ExecPlace & {
  /** Releases everything the experiment opens. */
  readonly scope: Scope
  /**
   * The name of the daemon's product: `Docker`, `Podman` or
   * `practice daemon`.
   */
  readonly product: string
  /** Starts a practice daemon with these faults. The scope stops it. */
  readonly startPracticeDaemon: (...faults: readonly string[]) => Promise<ExecPlace>
  /** Reports a step that takes a while. */
  readonly progress: (line: string) => void
}

/** One experiment. `Facts` holds what a run finds, as plain JSON values. */
export type Experiment<Facts = unknown> = {
  /** Its name on the command line: `started-twice`. */
  readonly name: string
  /** The number of its chapter. */
  readonly chapter: number
  /** Its subject in a few words: `Starting an exec twice`. */
  readonly title: string
  /** What you do, in a sentence or two, with the bytes if they matter. */
  readonly action: string
  /** The question to guess on. */
  readonly question: string
  /** The possible answers. On every daemon one of them is right. */
  readonly choices: readonly string[]
  /**
   * Which daemon can show it: any, one whose processes this Linux machine can
   * see, or only the practice daemon with a fault.
   */
  readonly where: 'any daemon' | 'local Linux daemon' | 'practice daemon'
  /**
   * Runs the experiment for real. Throws a `Failure` with the reason if a
   * local Linux daemon is needed and this isn't one.
   */
  readonly run: (lab: ExperimentLab) => Promise<Facts>
  /**
   * Returns the choice that the facts show, or undefined if they show none.
   */
  readonly answer: (facts: Facts) => string | undefined
  /**
   * Returns the evidence: bytes, statuses and times, in lines of at most 76
   * characters.
   */
  readonly evidence: (facts: Facts) => readonly string[]
  /** Explains the result in a few sentences. */
  readonly why: (facts: Facts) => string
  /** A bug report or feature request that it explains. */
  readonly report: { readonly what: string; readonly url: string }
  /** How docker's own client handles it, and in which function. */
  readonly docker: string
}

/** An experiment with facts of any type. */
// biome-ignore lint/suspicious/noExplicitAny: the result of `run` goes only into the experiment's own functions.
export type AnyExperiment = Experiment<any>
