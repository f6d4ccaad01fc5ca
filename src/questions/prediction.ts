/**
 * A question about a run. There is no answer key: the answer is read off the run.
 *
 * @module
 */

import type { WalkResult } from '../run/walk-chapter.ts'
import type { SceneName } from '../tape/scenes.ts'

/** A question with answers to choose from. */
export type Prediction = {
  /** Its name, by which a wrong guess is remembered: `start-status`. */
  readonly name: string
  readonly question: string
  readonly choices: readonly string[]
  /** The scene of the chapter that answers it. */
  readonly scene: SceneName
  /** Whether it is asked right before that scene is shown, or right after it. */
  readonly asked: 'before' | 'after'
  /** A question that makes sense in one kind of session only. Without it, in both. */
  readonly only?: 'with a tty' | 'without a tty'
  /**
   * Reads the right choice off a run.
   *
   * @returns undefined if the run does not show it: then the question is not asked
   */
  readonly answer: (run: WalkResult) => string | undefined
  /** Explains the answer from what the run shows, in two sentences. */
  readonly why: (run: WalkResult) => string
}

/** What the learner guessed. */
export type Guess = { readonly prediction: Prediction; readonly choice: string }

/** A guess and the answer of the run. */
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
  if (answer === undefined) return 'This run does not show it.'
  const verdict = right ? `Right: ${answer}.` : `Not quite: you said ${choice}; it is ${answer}.`
  return `${verdict} ${prediction.why(run)}`
}

/** The same behind its question and a mark: right, wrong, or not shown by this run. */
export function verdictLine(verdict: Verdict, run: WalkResult): string {
  const mark = verdict.answer === undefined ? '?' : verdict.right ? '✓' : '✗'
  return `${mark} ${verdict.prediction.question} ${verdictText(verdict, run)}`
}
