/**
 * `npm run chapter -- --experiment NAME`: runs one experiment or lists them
 * all.
 *
 * @module
 */

import { findPlace, type PlaceOptions } from '../find/place.ts'
import { askIn } from '../menus/ask.ts'
import type { Form } from '../menus/form.ts'
import { warn } from '../process/failure.ts'
import { recordExperiment } from '../questions/progress.ts'
import { openRunScope } from '../run/run-scope.ts'
import { engineLines, sandboxLines } from '../show/place-lines.ts'
import { ownPage, type Page } from '../show/stage-lines.ts'
import { createRecorder } from '../tape/recorder.ts'
import { printableJson } from '../text/printable.ts'
import { wrapText } from '../text/width.ts'
import { askGuess, findExperiment, readGuess } from './choose-experiment.ts'
import type { AnyExperiment } from './experiment.ts'
import {
  commandFor,
  explanationLines,
  listLines,
  outcomeJson,
  questionLines,
  resultLines,
} from './experiment-lines.ts'
import { runExperiment } from './run-experiment.ts'

/** The options of the command. */
export type ExperimentCommand = PlaceOptions & {
  /** All experiments. */
  readonly experiments: readonly AnyExperiment[]
  /** The names of the chapters, in order. */
  readonly chapters: readonly string[]
  /** The name of an experiment, or `list`. */
  readonly name: string
  /** With `list`, only the experiments of this chapter. */
  readonly chapter: number | undefined
  /** The value of `--guess`. */
  readonly guess: string | undefined
  readonly form: Form
  readonly json: boolean
}

/**
 * Runs or lists experiments. Returns the exit code, which is 0 whether or not
 * the guess is right.
 */
export async function experimentCommand(command: ExperimentCommand): Promise<number> {
  const { experiments, chapters, name, chapter, json } = command
  const page = ownPage()
  if (name === 'list') {
    const listed = experiments.filter((each) => chapter === undefined || each.chapter === chapter)
    if (json) printJson({ experiments: listed.map(summary) })
    else print(...listLines(listed, chapters, page))
    return 0
  }
  await runOne(findExperiment(experiments, name), command, page)
  return 0
}

function summary({ name, chapter, title, where }: AnyExperiment): object {
  return { name, chapter, title, where }
}

async function runOne(
  experiment: AnyExperiment,
  command: ExperimentCommand,
  page: Page,
): Promise<void> {
  const { form, json } = command
  const given = command.guess === undefined ? undefined : readGuess(experiment, command.guess)
  const show = (...lines: readonly string[]): void => {
    if (!json) print(...lines)
  }
  const scope = openRunScope()
  try {
    const title = `Experiment ${experiment.name}, chapter ${experiment.chapter}`
    show(...wrapText(title, page.width).map(page.style.bold))
    const needsFault = experiment.where === 'practice daemon'
    // If it needs a faulty daemon, no other daemon and no container is used.
    const daemon = needsFault ? { ...command.daemon, practice: true } : command.daemon
    const options = { ...command, daemon, ...(needsFault && { container: undefined }) }
    const place = await findPlace(options, createRecorder(), scope, {
      engine: (found) =>
        show(
          ...(needsFault
            ? wrapText(
                'engine     a practice daemon, because a healthy daemon never does this',
                page.width,
              )
            : engineLines(found, page)),
        ),
      sandbox: (name, image) => show(...sandboxLines(name, image, page)),
      warn,
    })
    const ask = given === undefined && form !== 'plain' ? askIn(form) : undefined
    show(...questionLines(experiment, page, given, ask !== undefined))
    const guess = ask ? await askGuess(experiment, ask) : given
    const lab = { engine: place.engine, container: place.container, program: daemon.program }
    const outcome = await runExperiment(experiment, { ...lab, scope, progress: warn }, guess)
    recordExperiment(experiment.name, warn)
    if (json) printJson(outcomeJson(experiment, outcome))
    const nextLines = wrapText(`Next: ${nextCommand(experiment, command)}`, page.width)
    show('', ...resultLines(experiment, outcome, page), '')
    show(...explanationLines(experiment, outcome, page), '', ...nextLines)
  } finally {
    await scope.releaseAll()
  }
}

/**
 * The command for the chapter's next experiment, or for the chapter after its
 * last one.
 */
function nextCommand(experiment: AnyExperiment, { experiments }: ExperimentCommand): string {
  const next = experiments[experiments.indexOf(experiment) + 1]
  if (next?.chapter === experiment.chapter) return commandFor(next)
  return `npm run chapter ${experiment.chapter}`
}

function print(...lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`)
}

function printJson(document: object): void {
  print(printableJson(document))
}
