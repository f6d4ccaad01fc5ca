/**
 * Runs an experiment for a person: what you do, what do you expect, what happened, and why.
 *
 * @module
 */

import { createScope } from '../course/scope.ts'
import type { Ask } from '../menus/ask.ts'
import { unlessEnded } from '../process/ending.ts'
import { Failure } from '../process/failure.ts'
import { headingLines, type Page } from '../show/stage-lines.ts'
import { widthOf, wrapText } from '../text/width.ts'
import type { AnyExperiment, Experiment, Lab } from './experiment.ts'
import { type LabOptions, openLab } from './lab.ts'

/** What came of an experiment. */
export type Outcome<Facts = unknown> = {
  readonly facts: Facts
  /** Which of the choices it was. Undefined where the facts show none of them. */
  readonly answer: string | undefined
  /** What the person guessed, if they did. */
  readonly guess: string | undefined
  /** Undefined where there is nothing to compare. */
  readonly right: boolean | undefined
  readonly evidence: readonly string[]
  readonly why: string
}

/**
 * Runs it. What it opens is given back before this returns, and by whoever releases the lab's scope
 * where a signal comes first.
 */
export async function conduct<Facts>(
  experiment: Experiment<Facts>,
  options: LabOptions,
  guess: string | undefined,
): Promise<Outcome<Facts>> {
  const inner = createScope()
  const held = options.scope.hold('experiment', inner, inner.releaseAll)
  try {
    return await unlessEnded(readOff(experiment, openLab({ ...options, scope: inner }), guess))
  } finally {
    await held.release()
  }
}

/** Finds the facts, and reads everything else off them. */
async function readOff<Facts>(
  experiment: Experiment<Facts>,
  lab: Lab,
  guess: string | undefined,
): Promise<Outcome<Facts>> {
  const facts = await experiment.run(lab)
  const answer = experiment.answer(facts)
  const isComparable = answer !== undefined && guess !== undefined
  return {
    facts,
    answer,
    guess,
    right: isComparable ? answer === guess : undefined,
    evidence: experiment.evidence(facts),
    why: experiment.why(facts),
  }
}

/**
 * Reads a guess from the command line: the number of a choice, or words of it.
 *
 * @throws a {@link Failure} that shows the choices where it is none of them, or several
 */
export function readGuess({ choices, question }: AnyExperiment, text: string): string {
  const wanted = text.trim().toLowerCase()
  const exact = choices.filter((choice) => choice.toLowerCase() === wanted)
  const partly = choices.filter((choice) => wanted !== '' && choice.toLowerCase().includes(wanted))
  const byNumber = /^\d+$/.test(wanted) ? choices[Number(wanted) - 1] : undefined
  const [found, ...others] = exact.length > 0 ? exact : byNumber ? [byNumber] : partly
  if (found !== undefined && others.length === 0) return found
  throw new Failure(
    [
      `"${text}" is ${found === undefined ? 'none' : 'more than one'} of the answers. ${question}`,
      ...choiceLines(choices),
    ].join('\n'),
    125,
  )
}

function choiceLines(choices: readonly string[]): string[] {
  return choices.map((choice, at) => `  ${at + 1}. ${choice}`)
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
        ...choiceLines(experiment.choices).flatMap((line) => hanging(line, width)),
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
    ...wrapText(experiment.doing, width),
    ...shown,
  ]
}

/** Columns of bytes stay where they are if there is room for them, and move together if there is not. */
function evidenceLines(line: string, width: number): string[] {
  return wrapText(widthOf(line) > width ? line.replaceAll(/(?<=\S) {3,}/g, '  ') : line, width)
}

/** A choice that is too long goes on below its first word. */
function hanging(line: string, width: number): string[] {
  const [first = '', ...rest] = wrapText(line.trimStart(), width - 5)
  return [`  ${first}`, ...rest.map((part) => `     ${part}`)]
}

/** The lines that stand behind the run. */
export function outcomeLines(experiment: AnyExperiment, outcome: Outcome, page: Page): string[] {
  const { width, style } = page
  const { seen, docker } = experiment
  return [
    '',
    ...headingLines('what happened', page),
    ...outcome.evidence.flatMap((line) => evidenceLines(line, width)),
    '',
    ...wrapText(verdict(experiment, outcome), width).map(style.bold),
    '',
    ...headingLines('why', page),
    ...wrapText(outcome.why, width),
    '',
    ...headingLines('seen in the world', page),
    ...wrapText(seen.what, width),
    ...wrapText(seen.url, width),
    '',
    ...headingLines('what docker does', page),
    ...wrapText(docker, width),
  ]
}

/** The guess, held against what was found. */
function verdict({ question }: AnyExperiment, { answer, guess, right }: Outcome): string {
  if (answer === undefined) return `${question} This run shows none of the answers.`
  if (guess === undefined) return `${question} It was: ${answer}.`
  return right ? `${question} You were right: ${answer}.` : `You said: ${guess}. It was: ${answer}.`
}

/** The outcome as one JSON document. */
export function outcomeJson(experiment: AnyExperiment, outcome: Outcome): object {
  const { name, chapter, title, question, choices, seen, docker } = experiment
  const { facts, answer, guess, right, evidence, why } = outcome
  return {
    ...{ name, chapter, title, question, choices, facts },
    answer: answer ?? null,
    guess: guess ?? null,
    right: right ?? null,
    ...{ evidence, why, seen, docker },
  }
}

/** What the menu of experiments needs: the lab, the questions and the screen. */
export type ExperimentMenu = Omit<LabOptions, 'progress'> & {
  /** Those of the chapter. */
  readonly experiments: readonly AnyExperiment[]
  readonly ask: Ask
  readonly page: Page
  /** Shows lines. */
  readonly say: (...lines: readonly string[]) => void
}

/** Lets a person choose among the experiments of a chapter, again and again, until they go back. */
export async function offerExperiments(menu: ExperimentMenu): Promise<void> {
  const { experiments, ask, page, say } = menu
  const choices = experiments.map((value) => ({ value, label: value.title, hint: value.name }))
  const back = { value: undefined, label: 'Back', back: 'back' }
  let marked = experiments[0]
  for (;;) {
    const chosen = await ask.choose<AnyExperiment | undefined>(
      'Break what?',
      [...choices, back],
      marked,
    )
    if (!chosen) return
    marked = experiments[experiments.indexOf(chosen) + 1]
    const progress = (line: string): void => say(...wrapText(line, page.width))
    say(...questionLines(chosen, page, undefined, true))
    const guess = await askGuess(chosen, ask)
    try {
      const outcome = await conduct(chosen, { ...menu, progress }, guess)
      say(...outcomeLines(chosen, outcome, page), '')
    } catch (error) {
      // What cannot be shown here is no reason to leave.
      if (!(error instanceof Failure)) throw error
      say('', ...wrapText([error.message, error.hint ?? ''].join('\n').trim(), page.width), '')
    }
  }
}

/** Asks what a person expects. They may rather see. */
export async function askGuess(
  { question, choices }: AnyExperiment,
  ask: Ask,
): Promise<string | undefined> {
  const answers = choices.map((value) => ({ value, label: value }))
  const skip = { value: undefined, label: 'I would rather see', back: 'rather see' }
  return ask.choose<string | undefined>(question, [...answers, skip], choices[0])
}
