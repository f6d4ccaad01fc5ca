/**
 * Choosing an experiment and guessing its result, on the command line or in
 * menus.
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
 * Finds an experiment by name.
 *
 * @throws a {@link Failure} that suggests similar names
 */
export function findExperiment(all: readonly AnyExperiment[], name: string): AnyExperiment {
  const found = all.find((each) => each.name === name)
  if (found) return found
  const near = nearNames(
    name,
    all.map((each) => each.name),
  )
  const suggestion = near.length === 0 ? '' : `: did you mean ${near.join(' or ')}?`
  throw new Failure(
    `unknown experiment "${name}"${suggestion}`,
    125,
    'npm run chapter -- --experiment list shows all experiments.',
  )
}

/**
 * Reads a guess from the command line: the number of a choice, or part of its
 * text.
 *
 * @throws a {@link Failure} that shows the choices if it matches none or
 * several
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
      `"${text}" matches ${found === undefined ? 'none' : 'more than one'} of the answers. ${question}`,
      ...choiceLines(choices),
    ].join('\n'),
    125,
  )
}

/** The value of the choice to skip the guess, which Enter alone selects. */
const showAnswerLabel = ''

/** Asks for a guess. Returns undefined if you skip it. */
export async function askGuess(
  { question, choices }: AnyExperiment,
  ask: Ask,
): Promise<string | undefined> {
  const answers = choices.map((value) => ({ value, label: value }))
  const show = { value: showAnswerLabel, label: 'Show the answer', back: 'show the answer' }
  const chosen = await ask.choose<string>(question, [...answers, show], showAnswerLabel)
  return chosen === showAnswerLabel ? undefined : chosen
}

/**
 * Everything the menu of experiments needs: the lab, the questions and the
 * screen.
 */
export type ExperimentMenu = Omit<LabOptions, 'progress'> & {
  /** The experiments of the chapter. */
  readonly experiments: readonly AnyExperiment[]
  readonly ask: Ask
  readonly page: Page
  /** Prints lines. */
  readonly say: (...lines: readonly string[]) => void
  /** Opens a new page with the title of an experiment. */
  readonly openPage: (title: string) => void
  /** Shows lines, on several pages if necessary. */
  readonly showInPages: (title: string, lines: readonly string[]) => Promise<void>
}

/** Offers the experiments of a chapter until you go back. */
export async function offerExperiments(menu: ExperimentMenu): Promise<void> {
  const { experiments, ask, page, say, openPage, showInPages } = menu
  const choices = experiments.map((value) => ({ value, label: value.title, hint: value.name }))
  const back = { value: undefined, label: 'Go back', back: 'back' }
  let marked = experiments[0]
  for (;;) {
    const chosen = await ask.choose<AnyExperiment | undefined>(
      'Which experiment?',
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
      // An experiment that can't run here must not end the menu.
      if (!(error instanceof Failure)) throw error
      say('', ...wrapText([error.message, error.hint ?? ''].join('\n').trim(), page.width), '')
    }
  }
}

/**
 * Ignores keys during some work, so they don't answer the next question.
 * Ctrl-C still works.
 */
async function withKeysIgnored<Result>(work: () => Promise<Result>): Promise<Result> {
  const onKeys = (_: readonly string[], text: string): void => {
    if (text.includes('\x03')) process.emit('SIGINT', 'SIGINT')
  }
  const stopIgnoring = watchKeys(onKeys, { release() {}, resume() {} })
  return work().finally(stopIgnoring)
}
