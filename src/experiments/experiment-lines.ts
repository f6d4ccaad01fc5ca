/**
 * Formats experiments: the list, the question before a run, and the result.
 *
 * @module
 */

import { headingLines, type Page } from '../show/stage-lines.ts'
import { printable, printableLine } from '../text/printable.ts'
import { padText, widthOf, wrapText } from '../text/width.ts'
import type { AnyExperiment } from './experiment.ts'
import type { Outcome } from './run-experiment.ts'

/** Returns the command that runs an experiment. */
export function commandFor({ name }: AnyExperiment): string {
  return `npm run chapter -- --experiment ${name}`
}

/**
 * Lists the experiments, chapter by chapter.
 *
 * @param chapters - the names of the chapters, in order
 */
export function listLines(
  experiments: readonly AnyExperiment[],
  chapters: readonly string[],
  { width, style }: Page,
): string[] {
  const nameWidth = Math.max(...experiments.map(({ name }) => widthOf(name)), 0) + 4
  const lines = chapters.flatMap((chapter, at) => {
    const own = experiments.filter((each) => each.chapter === at + 1)
    if (own.length === 0) return []
    const rows = own.flatMap(({ name, title }) => {
      const line = padText(`  ${name}`, nameWidth) + title
      if (widthOf(line) <= width) return [line]
      return [`  ${name}`, ...wrapText(title, width - 6).map((part) => `      ${part}`)]
    })
    return [style.bold(`${at + 1} ${chapter}`), ...rows, '']
  })
  return [...lines, ...wrapText('Run one: npm run chapter -- --experiment NAME', width)]
}

/**
 * The lines before the run. If no menu asks the question, they include the
 * choices.
 */
export function questionLines(
  experiment: AnyExperiment,
  page: Page,
  guess: string | undefined,
  isAsked: boolean,
): string[] {
  const { width } = page
  const shown = isAsked
    ? []
    : [
        '',
        ...headingLines('what do you expect?', page),
        ...wrapText(experiment.question, width),
        ...choiceLines(experiment.choices).flatMap((line) => wrapChoice(line, width)),
        ...wrapText(
          guess === undefined
            ? 'To guess first, add --guess and a number. Running it now.'
            : `Your guess: ${guess}`,
          width,
        ),
      ]
  return [
    '',
    ...headingLines(experiment.title, page),
    ...wrapText(experiment.action, width),
    ...shown,
  ]
}

/** Numbers the choices. */
export function choiceLines(choices: readonly string[]): string[] {
  return choices.map((choice, at) => `  ${at + 1}. ${choice}`)
}

/** Wraps a choice with a hanging indent. */
function wrapChoice(line: string, width: number): string[] {
  const [first = '', ...rest] = wrapText(line.trimStart(), width - 5)
  return [`  ${first}`, ...rest.map((part) => `     ${part}`)]
}

/** The evidence from the run, and whether the guess was right. */
export function resultLines(experiment: AnyExperiment, outcome: Outcome, page: Page): string[] {
  const { width, style } = page
  return [
    ...headingLines('what happened', page),
    ...outcome.evidence.flatMap((line) => evidenceLines(printableLine(line), width)),
    '',
    ...wrapText(guessResult(experiment, outcome), width).map(style.bold),
  ]
}

/**
 * The explanation: why it happens, a report from the real world, and what
 * docker does.
 */
export function explanationLines(
  { report, docker }: AnyExperiment,
  { why }: Outcome,
  page: Page,
): string[] {
  const { width } = page
  return [
    ...headingLines('why', page),
    ...wrapText(printable(why), width),
    '',
    ...headingLines('seen in the wild', page),
    ...wrapText(report.what, width),
    ...wrapText(report.url, width),
    '',
    ...headingLines('what docker does', page),
    ...wrapText(docker, width),
  ]
}

/**
 * Wraps a line of evidence. If it is too wide, its columns move closer
 * together first.
 */
function evidenceLines(line: string, width: number): string[] {
  return wrapText(widthOf(line) > width ? line.replaceAll(/(?<=\S) {3,}/g, '  ') : line, width)
}

/** Compares the guess with the answer. */
function guessResult({ question }: AnyExperiment, { answer, guess, right }: Outcome): string {
  if (answer === undefined) return `${question} This run matches none of the answers.`
  if (guess === undefined) return `${question} Answer: ${answer}.`
  return right
    ? `${question} You were right: ${answer}.`
    : `You guessed: ${guess}. The answer: ${answer}.`
}

/** Returns the outcome as a JSON document. */
export function outcomeJson(experiment: AnyExperiment, outcome: Outcome): object {
  const { name, chapter, title, question, choices, report: seen, docker } = experiment
  const { facts, answer, guess, right, evidence, why } = outcome
  return {
    ...{ name, chapter, title, question, choices, facts },
    answer: answer ?? null,
    guess: guess ?? null,
    right: right ?? null,
    ...{ evidence, why, seen, docker },
  }
}
