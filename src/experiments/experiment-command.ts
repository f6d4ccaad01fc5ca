/**
 * `npm run chapter -- --experiment NAME`: one experiment, from the daemon that is found to the next
 * command.
 *
 * @module
 */

import { findPlace, type PlaceOptions } from '../find/place.ts'
import { askIn } from '../menus/ask.ts'
import type { Form } from '../menus/form.ts'
import { recordExperiment } from '../questions/progress.ts'
import { openRunScope } from '../run/run-scope.ts'
import { engineLines, sandboxLines } from '../show/place-lines.ts'
import { ownPage, type Page } from '../show/stage-lines.ts'
import { createRecorder } from '../tape/recorder.ts'
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

/** What the command line says. */
export type ExperimentCommand = PlaceOptions & {
  /** All experiments there are. */
  readonly experiments: readonly AnyExperiment[]
  /** The names of the chapters, in their order. */
  readonly chapters: readonly string[]
  /** The name of an experiment, or `list`. */
  readonly name: string
  /** With `list`: those of this chapter only. */
  readonly chapter: number | undefined
  /** The value of `--guess`. */
  readonly guess: string | undefined
  readonly form: Form
  readonly json: boolean
}

/** Runs it, or lists them. Returns the exit code: 0, whatever was guessed. */
export async function experimentCommand(command: ExperimentCommand): Promise<number> {
  const { experiments, chapters, name, chapter, json } = command
  const page = ownPage()
  if (name === 'list') {
    const listed = experiments.filter((each) => chapter === undefined || each.chapter === chapter)
    if (json) sayJson({ experiments: listed.map(summary) })
    else say(...listLines(listed, chapters, page))
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
  const tell = (...lines: readonly string[]): void => {
    if (!json) say(...lines)
  }
  const warn = (line: string): void => void process.stderr.write(`${line}\n`)
  const scope = openRunScope()
  try {
    const title = `Experiment ${experiment.name}, of chapter ${experiment.chapter}`
    tell(...wrapText(title, page.width).map(page.style.bold))
    const needsFault = experiment.where === 'practice daemon'
    // What only a faulty daemon shows needs no other one, and no container on it.
    const daemon = needsFault ? { ...command.daemon, practice: true } : command.daemon
    const options = { ...command, daemon, ...(needsFault && { container: undefined }) }
    const place = await findPlace(options, createRecorder(), scope, {
      engine: (found) =>
        tell(
          ...(needsFault
            ? wrapText('engine     a practice daemon: a healthy one does not do this', page.width)
            : engineLines(found, page)),
        ),
      sandbox: (name, image) => tell(...sandboxLines(name, image, page)),
      warn,
    })
    const ask = given === undefined && form !== 'plain' ? askIn(form) : undefined
    tell(...questionLines(experiment, page, given, ask !== undefined))
    const guess = ask ? await askGuess(experiment, ask) : given
    const lab = { engine: place.engine, container: place.container, program: daemon.program }
    const outcome = await runExperiment(experiment, { ...lab, scope, progress: warn }, guess)
    recordExperiment(experiment.name, warn)
    if (json) sayJson(outcomeJson(experiment, outcome))
    const following = wrapText(`Next: ${next(experiment, command)}`, page.width)
    tell('', ...resultLines(experiment, outcome, page), '')
    tell(...explanationLines(experiment, outcome, page), '', ...following)
  } finally {
    await scope.releaseAll()
  }
}

/** The command for the experiment behind this one, or the chapter behind the last one. */
function next(experiment: AnyExperiment, { experiments }: ExperimentCommand): string {
  const following = experiments[experiments.indexOf(experiment) + 1]
  if (following?.chapter === experiment.chapter) return commandFor(following)
  return `npm run chapter ${experiment.chapter}`
}

function say(...lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`)
}

function sayJson(document: object): void {
  say(JSON.stringify(document, null, 2))
}
