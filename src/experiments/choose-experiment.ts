/**
 * How a person chooses an experiment and says what they expect: by the command line, or in menus.
 *
 * @module
 */

import type { Ask } from '../menus/ask.ts'
import { watchKeys } from '../menus/keys.ts'
import { Failure } from '../process/failure.ts'
import { recordExperiment } from '../questions/progress.ts'
import type { Page } from '../show/stage-lines.ts'
import { nearNames } from '../text/near.ts'
import { wrapText } from '../text/width.ts'
import type { AnyExperiment } from './experiment.ts'
import { choiceLines, explanationLines, resultLines } from './experiment-lines.ts'
import { type LabOptions, runExperiment } from './run-experiment.ts'

/**
 * Finds an experiment.
 *
 * @throws a {@link Failure} that names those that come near, if there are any
 */
export function findExperiment(all: readonly AnyExperiment[], name: string): AnyExperiment {
  const found = all.find((each) => each.name === name)
  if (found) return found
  const near = nearNames(
    name,
    all.map((each) => each.name),
  )
  const meant = near.length === 0 ? '' : `: did you mean ${near.join(' or ')}?`
  throw new Failure(
    `there is no experiment "${name}"${meant}`,
    125,
    'npm run chapter -- --experiment list names them all.',
  )
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

/** What Enter alone chooses: no guess. */
const showAnswerLabel = ''

/** Asks what a person expects. Undefined if they only want to see. */
export async function askGuess(
  { question, choices }: AnyExperiment,
  ask: Ask,
): Promise<string | undefined> {
  const answers = choices.map((value) => ({ value, label: value }))
  const show = { value: showAnswerLabel, label: 'Show me the answer', back: 'the answer' }
  const chosen = await ask.choose<string>(question, [...answers, show], showAnswerLabel)
  return chosen === showAnswerLabel ? undefined : chosen
}

/** What the menu of experiments needs: the lab, the questions and the screen. */
export type ExperimentMenu = Omit<LabOptions, 'progress'> & {
  /** Those of the chapter. */
  readonly experiments: readonly AnyExperiment[]
  readonly ask: Ask
  readonly page: Page
  /** Shows lines. */
  readonly say: (...lines: readonly string[]) => void
  /** Begins a page with the title of an experiment. */
  readonly openPage: (title: string) => void
  /** Shows lines on as many pages as they take. */
  readonly showInPages: (title: string, lines: readonly string[]) => Promise<void>
}

/** Lets a person choose among the experiments of a chapter, again and again, until they go back. */
export async function offerExperiments(menu: ExperimentMenu): Promise<void> {
  const { experiments, ask, page, say, openPage, showInPages } = menu
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
    openPage(chosen.title)
    say(...wrapText(chosen.action, page.width))
    const guess = await askGuess(chosen, ask)
    try {
      const outcome = await withKeysIgnored(() =>
        runExperiment(chosen, { ...menu, progress }, guess),
      )
      recordExperiment(chosen.name, progress)
      await showInPages(chosen.title, resultLines(chosen, outcome, page))
      await showInPages(chosen.title, explanationLines(chosen, outcome, page))
    } catch (error) {
      // What cannot be shown here is no reason to leave.
      if (!(error instanceof Failure)) throw error
      say('', ...wrapText([error.message, error.hint ?? ''].join('\n').trim(), page.width), '')
    }
  }
}

/**
 * Does work. A key that is pressed meanwhile is not echoed, and does not answer what is asked next;
 * Ctrl-C still ends the program.
 */
async function withKeysIgnored<Result>(work: () => Promise<Result>): Promise<Result> {
  const onKeys = (_: readonly string[], text: string): void => {
    if (text.includes('\x03')) process.emit('SIGINT', 'SIGINT')
  }
  const stopIgnoring = watchKeys(onKeys, { release() {}, resume() {} })
  return work().finally(stopIgnoring)
}
