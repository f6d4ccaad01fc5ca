/**
 * A question that is asked before a chapter runs. There is no answer key: the answer is read off the
 * run that follows.
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
  /** The scene of the run that answers it, and whether it is asked before or after that is shown. */
  readonly scene?: SceneName
  readonly asked?: 'before' | 'after'
  /** A question that makes sense in one kind of session only. Without it, in both. */
  readonly only?: 'with a tty' | 'without a tty'
  /**
   * Reads the right choice off a run.
   *
   * @returns undefined where this run cannot tell: the session was left before it showed
   */
  readonly answer: (run: WalkResult) => string | undefined
  /** Explains the answer from what is to be seen in the run. */
  readonly why: (run: WalkResult) => string
  /** For a question that not every run can tell: what makes one that does. */
  readonly toSee?: string
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

/** Says in a sentence or two whether the guess was right, and why. */
export function verdictText(
  { prediction, choice, answer, right }: Verdict,
  run: WalkResult,
): string {
  if (answer === undefined) {
    const toSee = prediction.toSee ?? 'It ended before it showed.'
    return `${prediction.question} This run does not tell. ${toSee}`
  }
  const found = right ? `Yes: ${answer}.` : `You said: ${choice}. It was: ${answer}.`
  return `${prediction.question} ${found} ${prediction.why(run)}`
}

/** The same behind a mark: right, wrong, or not shown by this run. */
export function verdictLine(verdict: Verdict, run: WalkResult): string {
  const mark = verdict.answer === undefined ? '?' : verdict.right ? '✓' : '✗'
  return `${mark} ${verdictText(verdict, run)}`
}
