/**
 * Asks a question about a finished run and judges the answer at once.
 *
 * @module
 */

import { warn } from '../process/failure.ts'
import { judge, verdictText } from '../questions/prediction.ts'
import { type Question, recordVerdict } from '../questions/questions.ts'
import type { WalkResult } from '../run/walk-chapter.ts'
import { wrapText } from '../text/width.ts'
import type { GuideSession } from './guide-session.ts'

/** What Enter alone chooses: to see the answer without a guess. */
const showAnswerLabel = ''

/**
 * Returns the number of rows that a question takes with its choices and keys.
 */
export function rowsOfQuestion<First extends object>(
  { page }: GuideSession<First>,
  { prediction: { question, choices } }: Question,
): number {
  const [asked, keys] = [wrapText(question, page.width - 3), ['Show the answer', 'keys', '└']]
  const answers = choices.flatMap((choice) => wrapText(`1 ${choice}`, page.width - 5))
  return 1 + asked.length + answers.length + keys.length
}

/**
 * Returns the rows of the same question once it is answered, including the
 * answer and the keys.
 */
export function rowsOfAnswer<First extends object>(
  { page }: GuideSession<First>,
  { prediction }: Question,
  run: WalkResult,
): number {
  const asked = wrapText(prediction.question, page.width - 3)
  // A wrong guess is shown before the answer and takes one more row.
  return asked.length + wrapText(answerText(prediction, run), page.width).length + 7
}

function answerText({ answer, why }: Question['prediction'], run: WalkResult): string {
  return `The answer: ${answer(run)}. ${why(run)}`
}

/**
 * Asks one question and stores the verdict.
 *
 * @returns the lines of the verdict, or only the answer if the learner did
 * not guess
 */
export async function askQuestion<First extends object>(
  { options, ask, page }: GuideSession<First>,
  chapter: number,
  { prediction, chapter: owner }: Question,
  run: WalkResult,
): Promise<string[]> {
  const { question, choices } = prediction
  const again = owner === chapter ? '' : `Review of chapter ${owner}: `
  const choice = await ask.choose<string>(
    `${again}${question}`,
    [
      ...choices.map((value, at) => ({
        value,
        // The form with numbered choices adds the numbers on its own.
        label: options.form === 'menus' ? `${at + 1} ${value}` : value,
        key: `${at + 1}`,
      })),
      { value: showAnswerLabel, label: 'Show the answer', back: 'show the answer' },
    ],
    showAnswerLabel,
  )
  if (choice === showAnswerLabel) {
    const answer = prediction.answer(run)
    // A review question that was skipped comes back later, but not in the
    // next chapter.
    if (owner !== chapter) {
      recordVerdict(options, chapter, { prediction, choice, answer, right: false }, warn)
    }
    return wrapText(answerText(prediction, run), page.width)
  }
  const verdict = judge({ prediction, choice }, run)
  recordVerdict(options, chapter, verdict, warn)
  const [mark, colour] = verdict.right
    ? (['✓', page.style.good] as const)
    : (['✗', page.style.bad] as const)
  return wrapText(`${mark} ${verdictText(verdict, run)}`, page.width).map(colour)
}
