/**
 * Which questions a chapter asks: its own, without those that were answered right, and those of earlier
 * chapters that were answered wrong and come back.
 *
 * @module
 */

import type { Walkable } from '../course/stage.ts'
import type { WalkResult } from '../run/walk-chapter.ts'
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
    ...all.filter((question) => isDue(question, chapter)),
    ...all.filter((question) => !isDue(question, chapter)),
  ]
}

/** Whether a question is asked again before this chapter. */
export function isDue({ due }: Question, chapter: number): boolean {
  return due !== undefined && due <= chapter
}

/** Questions of earlier chapters that are asked in one chapter. */
const mostDue = 2

/**
 * What to ask about a run of this chapter: those of its questions that are new, behind those that were
 * answered wrong in earlier chapters and come back. Only what this run answers is asked.
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
    ...askable.filter((question) => isDue(question, chapter)).slice(0, mostDue),
    ...askable.filter(
      ({ chapter: owner, known, due }) => owner === chapter && !known && due === undefined,
    ),
  ]
}

/**
 * Remembers whether a guess was right. There is nothing two chapters after the last ones: a wrong
 * guess in them comes back the next time that the last chapter runs.
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
