/**
 * Selects the questions of a chapter: its own, except those answered right,
 * and review questions from earlier chapters that were answered wrong.
 *
 * @module
 */

import type { Walkable } from '../course/stage.ts'
import type { WalkResult } from '../run/walk-chapter.ts'
import type { Prediction, Verdict } from './prediction.ts'
import { changeProgress, type Progress } from './progress.ts'

/**
 * A question answered wrong is asked again this many chapters later, when the
 * answer is no longer fresh.
 */
const comesBackAfter = 2

/** The chapters and their questions. */
export type Questionnaire = {
  readonly course: Walkable<object>
  readonly lessons: readonly { readonly predictions: readonly Prediction[] }[]
}

/** A question and its progress. */
export type Question = {
  readonly prediction: Prediction
  /** The number of its chapter. */
  readonly chapter: number
  /** Whether it was answered right. */
  readonly known: boolean
  /**
   * If it was answered wrong, the number of the chapter that asks it again.
   */
  readonly due: number | undefined
}

/** Returns all questions up to this chapter, those due for review first. */
export function questionsUpTo(
  { course, lessons }: Questionnaire,
  chapter: number,
  { chapters }: Progress,
): Question[] {
  const all = lessons.slice(0, chapter).flatMap(({ predictions }, at) => {
    const { comeBack = {}, known = [] } = chapters[course.stages[at]?.name ?? ''] ?? {}
    return predictions.map((prediction) => ({
      prediction,
      chapter: at + 1,
      known: known.includes(prediction.name),
      due: comeBack[prediction.name],
    }))
  })
  return [
    ...all.filter((question) => isDue(question, chapter)),
    ...all.filter((question) => !isDue(question, chapter)),
  ]
}

/** Whether a question is due for review in this chapter. */
export function isDue({ due }: Question, chapter: number): boolean {
  return due !== undefined && due <= chapter
}

/** The most review questions in one chapter. */
const maxReviewQuestions = 2

/**
 * Returns the questions for a run of this chapter: review questions that are
 * due, then the chapter's new ones. Leaves out questions that this run does
 * not answer.
 */
export function questionsToAsk(
  questionnaire: Questionnaire,
  chapter: number,
  progress: Progress,
  run: WalkResult,
): Question[] {
  const kind = run.stages[0]?.before.tty === true ? 'with a tty' : 'without a tty'
  const askable = questionsUpTo(questionnaire, chapter, progress).filter(
    ({ prediction }) => (prediction.only ?? kind) === kind && prediction.answer(run) !== undefined,
  )
  return [
    ...askable.filter((question) => isDue(question, chapter)).slice(0, maxReviewQuestions),
    ...askable.filter(
      ({ chapter: owner, known, due }) => owner === chapter && !known && due === undefined,
    ),
  ]
}

/**
 * Records whether a guess was right. In the last two chapters there are no
 * later chapters left, so a wrong guess is asked again in the next run of the
 * last one.
 */
export function recordVerdict(
  { course, lessons }: Questionnaire,
  chapter: number,
  { prediction, answer, right }: Verdict,
  warn: (line: string) => void,
): void {
  const { name } = prediction
  const owner =
    course.stages[lessons.findIndex(({ predictions }) => predictions.includes(prediction))]
  // If the run does not show the answer, the progress stays unchanged.
  if (!owner || answer === undefined) return
  const due = Math.min(chapter + comesBackAfter, lessons.length)
  changeProgress(
    owner.name,
    ({ comeBack = {}, known = [], ...kept }) => {
      const { [name]: _, ...waiting } = comeBack
      const others = known.filter((other) => other !== name)
      return right
        ? { ...kept, comeBack: waiting, known: [...others, name] }
        : { ...kept, comeBack: { ...waiting, [name]: due }, known: others }
    },
    warn,
  )
}
