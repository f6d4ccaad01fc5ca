/**
 * A question about a run. There is no answer key: the answer is read from the
 * run.
 *
 * @module
 */

import type { WalkResult } from '../run/walk-chapter.ts'
import type { SceneName } from '../tape/scenes.ts'

/** A multiple-choice question. */
export type Prediction = {
  /** Its name in the progress file: `start-status`. */
  readonly name: string
  readonly question: string
  readonly choices: readonly string[]
  /** The scene of the chapter that answers it. */
  readonly scene: SceneName
  /** Whether it is asked right before that scene or right after it. */
  readonly asked: 'before' | 'after'
  /**
   * For a question that makes sense in one kind of session only. Undefined
   * means both.
   */
  readonly only?: 'with a tty' | 'without a tty'
  /**
   * Reads the right choice from a run.
   *
   * @returns undefined if the run does not show it; then the question is not
   * asked
   */
  readonly answer: (run: WalkResult) => string | undefined
  /** Explains the answer from the run, in two sentences. */
  readonly why: (run: WalkResult) => string
}

/** A learner's guess. */
export type Guess = { readonly prediction: Prediction; readonly choice: string }

/** A guess and the answer from the run. */
export type Verdict = Guess & {
  /** The right choice. Undefined if the run does not show it. */
  readonly answer: string | undefined
  readonly right: boolean
}

/** Compares a guess with a run. */
export function judge(guess: Guess, run: WalkResult): Verdict {
  const answer = guess.prediction.answer(run)
  return { ...guess, answer, right: answer === guess.choice }
}

/** Says whether the guess was right, and why. */
export function verdictText(
  { prediction, choice, answer, right }: Verdict,
  run: WalkResult,
): string {
  if (answer === undefined) return 'This run does not answer it.'
  const verdict = right
    ? `Right: ${answer}.`
    : `Not quite: you chose ${choice}, but it is ${answer}.`
  return `${verdict} ${prediction.why(run)}`
}

/**
 * Returns the verdict after its question, with a mark: right, wrong, or not
 * answered by this run.
 */
export function verdictLine(verdict: Verdict, run: WalkResult): string {
  const mark = verdict.answer === undefined ? '?' : verdict.right ? '✓' : '✗'
  return `${mark} ${verdict.prediction.question} ${verdictText(verdict, run)}`
}
