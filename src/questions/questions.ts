/**
 * Which questions a chapter asks: its own, without those that were answered right, and those of earlier
 * chapters that were answered wrong and come back.
 *
 * @module
 */

import type { Walkable } from '../course/stage.ts'
import type { Prediction, Verdict } from './prediction.ts'
import { changeProgress, type Progress } from './progress.ts'

/** A wrong guess comes back this many chapters later, when the answer is no longer fresh. */
const comesBackAfter = 2

/** The chapters, with what each of them asks. */
export type Questionnaire = {
  readonly course: Walkable<object>
  readonly lessons: readonly { readonly predictions: readonly Prediction[] }[]
}

/** A question, with what is remembered of it. */
export type Question = {
  readonly prediction: Prediction
  /** The number of the chapter that it belongs to. */
  readonly chapter: number
  /** Answered right, some time ago. */
  readonly known: boolean
  /** Answered wrong: the number of the chapter before which it is asked again. */
  readonly due: number | undefined
}

/** All questions of the chapters up to this one, those that come back now before the chapter's own. */
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
    ...all.filter((question) => comesBack(question, chapter)),
    ...all.filter((question) => !comesBack(question, chapter)),
  ]
}

/** Whether a question is asked again before this chapter. */
export function comesBack({ due }: Question, chapter: number): boolean {
  return due !== undefined && due <= chapter
}

/**
 * What to ask before this chapter. What was answered right is not asked twice, and what was answered
 * wrong rests until it comes back.
 *
 * @param options - `tty`: whether the session will have one; `all`: ask all of the chapter's own
 * questions, whatever is remembered of them
 */
export function questionsToAsk(
  questionnaire: Questionnaire,
  chapter: number,
  progress: Progress,
  options: { readonly tty: boolean; readonly all: boolean },
): Question[] {
  const { tty, all } = options
  const kind = tty ? 'with a tty' : 'without a tty'
  return questionsUpTo(questionnaire, chapter, progress).filter((question) => {
    const { only = kind } = question.prediction
    const isNew = question.due === undefined && !question.known
    const isOwn = question.chapter === chapter && (all || isNew)
    return only === kind && (isOwn || comesBack(question, chapter))
  })
}

/**
 * Remembers whether a guess was right. There is nothing two chapters after the last ones: a wrong
 * guess in them comes back the next time that the last chapter runs.
 */
export function rememberVerdict(
  { course, lessons }: Questionnaire,
  chapter: number,
  { prediction, answer, right }: Verdict,
  warn: (line: string) => void,
): void {
  const { name } = prediction
  const owner =
    course.stages[lessons.findIndex(({ predictions }) => predictions.includes(prediction))]
  // If the run does not show the answer, the question stays where it was.
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
