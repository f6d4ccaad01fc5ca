/**
 * The questions without menus: listing them, and reading guesses from the
 * command line.
 *
 * @module
 */

import { Failure, warn } from '../process/failure.ts'
import { ownPage } from '../show/stage-lines.ts'
import { hangingLines, indented, wrapText } from '../text/width.ts'
import type { Guess, Prediction } from './prediction.ts'
import { type Progress, readProgress } from './progress.ts'
import { isDue, type Question, type Questionnaire, questionsUpTo } from './questions.ts'

/**
 * Returns the questions of a chapter, including review questions, with their
 * numbered choices.
 *
 * @param chapter - undefined for the questions of all chapters
 */
export function describeQuestions(
  questionnaire: Questionnaire,
  chapter: number | undefined,
  width = ownPage().width,
): string {
  const progress = readProgress(warn)
  const last = questionnaire.course.stages.length
  const chapters = Array.from({ length: last }, (_, at) => at + 1)
  const lines = chapters
    .filter((number) => chapter === undefined || number === chapter)
    .flatMap((number) => [
      ...wrapText(
        `Chapter ${number}, ${questionnaire.course.stages[number - 1]?.name}: what do you expect?`,
        width,
      ),
      ...questionsOf(questionnaire, number, progress).flatMap((question) =>
        questionLines(question, number, width),
      ),
      '',
    ])
  const [example] = questionsOf(questionnaire, chapter ?? 1, progress)
  const guess = `--guess ${example?.prediction.name ?? 'NAME'}=1`
  const command = `To guess: npm run chapter -- ${chapter ?? 1} ${guess}`
  return [...lines, ...wrapText(command, width), ''].join('\n')
}

/**
 * Returns a chapter's own questions after the review questions that are due.
 */
function questionsOf(
  questionnaire: Questionnaire,
  chapter: number,
  progress: Progress,
): Question[] {
  return questionsUpTo(questionnaire, chapter, progress).filter(
    (question) => question.chapter === chapter || isDue(question, chapter),
  )
}

function questionLines(question: Question, chapter: number, width: number): string[] {
  const { name, question: text, choices, only } = question.prediction
  const remarks = [...(only ? [only] : []), ...statusOf(question, chapter)]
  return [
    '',
    ...wrapText(remarks.length > 0 ? `${name} (${remarks.join('; ')})` : name, width),
    ...indented(wrapText(text, width - 2), 2),
    ...choices.flatMap((choice, at) => hangingLines(`    ${at + 1}. `, choice, width)),
  ]
}

function statusOf(question: Question, chapter: number): string[] {
  const { due, known, chapter: owner } = question
  if (isDue(question, chapter)) {
    return owner === chapter ? ['review'] : [`review of chapter ${owner}`]
  }
  if (due !== undefined) return [`answered wrong; asked again in chapter ${due}`]
  return known ? ['answered right'] : []
}

/**
 * Reads guesses such as `start-status=101`: the name of a question of this
 * chapter or an earlier one, and a choice by its number, its text or the
 * beginning of its text.
 *
 * @throws a {@link Failure} that lists the questions or the choices
 */
export function readGuesses(
  questionnaire: Questionnaire,
  chapter: number,
  words: readonly string[],
): Guess[] {
  if (words.length === 0) return []
  const progress = readProgress(warn)
  const names = questionsOf(questionnaire, chapter, progress).map((asked) => asked.prediction.name)
  return words.map((word) => {
    const [name = '', ...choice] = word.split('=')
    const found = questionsUpTo(questionnaire, chapter, progress).find(
      ({ prediction }) => prediction.name === name,
    )
    if (found) return readChoice(found.prediction, choice.join('='), chapter)
    const list = names.join(', ')
    throw guessFailure(
      `chapter ${chapter} has no question "${name}"; choose one of: ${list}`,
      chapter,
    )
  })
}

function readChoice(prediction: Prediction, text: string, chapter: number): Guess {
  const choice = findChoice(prediction, text)
  if (choice !== undefined) return { prediction, choice }
  const choices = prediction.choices.map((text, at) => `${at + 1} (${text})`).join(', ')
  throw guessFailure(
    `${prediction.name} has no choice "${text}"; choose one of: ${choices}`,
    chapter,
  )
}

function findChoice({ choices }: Prediction, text: string): string | undefined {
  const beginning = choices.filter((choice) => text !== '' && choice.startsWith(text))
  return (
    choices.find((choice) => choice === text) ??
    (/^[1-9]$/.test(text) ? choices[Number(text) - 1] : undefined) ??
    (beginning.length === 1 ? beginning[0] : undefined)
  )
}

function guessFailure(message: string, chapter: number): Failure {
  return new Failure(message, 125, `See npm run chapter -- ${chapter} --questions.`)
}
