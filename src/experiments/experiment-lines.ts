/**
 * An experiment as text: the list of all, the question before a run, and what came of it.
 *
 * @module
 */

import { headingLines, type Page } from '../show/stage-lines.ts'
import { padText, widthOf, wrapText } from '../text/width.ts'
import type { AnyExperiment } from './experiment.ts'
import type { Outcome } from './run-experiment.ts'

/** The command that runs an experiment. */
export function commandFor({ name }: AnyExperiment): string {
  return `npm run chapter -- --experiment ${name}`
}

/**
 * The list, chapter by chapter.
 *
 * @param chapters - the names of the chapters, in their order
 */
export function listLines(
  experiments: readonly AnyExperiment[],
  chapters: readonly string[],
  { width, style }: Page,
): string[] {
  const wide = Math.max(...experiments.map(({ name }) => widthOf(name)), 0) + 4
  const lines = chapters.flatMap((chapter, at) => {
    const own = experiments.filter((each) => each.chapter === at + 1)
    if (own.length === 0) return []
    const rows = own.flatMap(({ name, title }) => {
      const line = padText(`  ${name}`, wide) + title
      if (widthOf(line) <= width) return [line]
      return [`  ${name}`, ...wrapText(title, width - 6).map((part) => `      ${part}`)]
    })
    return [style.bold(`${at + 1} ${chapter}`), ...rows, '']
  })
  return [...lines, ...wrapText('One of them: npm run chapter -- --experiment NAME', width)]
}

/** The lines that stand before the run. Where nobody is asked, the choices are shown with them. */
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
            ? 'To guess, add --guess and a number. The answer comes now.'
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

/** The choices with their numbers. */
export function choiceLines(choices: readonly string[]): string[] {
  return choices.map((choice, at) => `  ${at + 1}. ${choice}`)
}

/** A choice that is too long goes on below its first word. */
function wrapChoice(line: string, width: number): string[] {
  const [first = '', ...rest] = wrapText(line.trimStart(), width - 5)
  return [`  ${first}`, ...rest.map((part) => `     ${part}`)]
}

/** What the run showed, and below it whether the guess was right. */
export function resultLines(experiment: AnyExperiment, outcome: Outcome, page: Page): string[] {
  const { width, style } = page
  return [
    ...headingLines('what happened', page),
    ...outcome.evidence.flatMap((line) => evidenceLines(line, width)),
    '',
    ...wrapText(guessResult(experiment, outcome), width).map(style.bold),
  ]
}

/** What explains it: why it is so, where somebody met it, and what docker does. */
export function explanationLines(
  { report: seen, docker }: AnyExperiment,
  { why }: Outcome,
  page: Page,
): string[] {
  const { width } = page
  return [
    ...headingLines('why', page),
    ...wrapText(why, width),
    '',
    ...headingLines('seen in the world', page),
    ...wrapText(seen.what, width),
    ...wrapText(seen.url, width),
    '',
    ...headingLines('what docker does', page),
    ...wrapText(docker, width),
  ]
}

/** Columns of bytes stay where they are if there is room for them, and move together if there is not. */
function evidenceLines(line: string, width: number): string[] {
  return wrapText(widthOf(line) > width ? line.replaceAll(/(?<=\S) {3,}/g, '  ') : line, width)
}

/** The guess, held against what was found. */
function guessResult({ question }: AnyExperiment, { answer, guess, right }: Outcome): string {
  if (answer === undefined) return `${question} This run shows none of the answers.`
  if (guess === undefined) return `${question} It was: ${answer}.`
  return right ? `${question} You were right: ${answer}.` : `You said: ${guess}. It was: ${answer}.`
}

/** The outcome as one JSON document. */
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
