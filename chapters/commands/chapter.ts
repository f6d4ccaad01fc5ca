/**
 * `npm run chapter`: runs the course, or guides the learner through it.
 *
 * @module
 */

import { besideProblem } from '../../src/beside/layout.ts'
import type { Walkable } from '../../src/course/stage.ts'
import type { AnyExperiment } from '../../src/experiments/experiment.ts'
import type { Place, PlaceOptions } from '../../src/find/place.ts'
import type { Settings } from '../../src/guide/change-settings.ts'
import { type Exercise, findExercise } from '../../src/judging/exercise.ts'
import { progressOf } from '../../src/judging/exercise-records.ts'
import { courseWithOwnStage } from '../../src/judging/own-stage.ts'
import { askIn } from '../../src/menus/ask.ts'
import { type Form, ownForm } from '../../src/menus/form.ts'
import { describeFaults } from '../../src/practice/faults.ts'
import { endWith } from '../../src/process/ending.ts'
import { Failure, warn } from '../../src/process/failure.ts'
import type { CommandLine, OptionTable } from '../../src/process/options.ts'
import { readAroundFirstWord, readScriptLine } from '../../src/process/script-line.ts'
import { describeQuestions, readGuesses } from '../../src/questions/guesses.ts'
import {
  type ChapterMaterial,
  chapterOverviews,
  overviewLines,
} from '../../src/questions/overview.ts'
import type { Questionnaire } from '../../src/questions/questions.ts'
import { setProgressAside } from '../../src/questions/start-over.ts'
import { isView, needsNoRun, sourceView, type ViewName, viewNames } from '../../src/runner/views.ts'
import { ownPage } from '../../src/show/stage-lines.ts'
import { ownTerminal } from '../../src/terminal/terminal.ts'
import { printableJson, printableLine } from '../../src/text/printable.ts'
import { wrapText } from '../../src/text/width.ts'
import type { Asked } from '../01-create/stage.ts'
import { dockerExec } from '../index.ts'
import { askedFrom, execOptions, rejectNewerOptions } from './asked.ts'
import { chapterFolders, companions, exercises, lessons } from './chapter-folders.ts'
import { help, shortHelp, usage } from './chapter-help.ts'
import { daemonFor, daemonOptions } from './daemon-options.ts'
import { exerciseMenus } from './exercise-menus.ts'
import { root } from './paths.ts'

/** Says what is wrong with the name of a view. */
const checkView = (value: string): string | undefined =>
  isView(value) ? undefined : `the views are ${viewNames.join(', ')}`

const table = {
  ...execOptions,
  json: { type: 'switch' },
  plain: { type: 'switch' },
  'no-tty': { type: 'switch' },
  'no-stdin': { type: 'switch' },
  ...daemonOptions,
  pull: { type: 'switch' },
  fault: { type: 'list', example: 'npm run chapter -- 4 --fault early-output' },
  mine: { type: 'switch' },
  'no-tape': { type: 'switch' },
  tape: { type: 'value', example: 'npm run chapter -- 7 --tape my.tape' },
  'keep-typed': { type: 'switch' },
  live: { type: 'switch' },
  beside: { type: 'switch' },
  'start-over': { type: 'switch' },
  experiment: { type: 'value', example: 'npm run chapter -- --experiment list' },
  view: { type: 'list', check: checkView, example: 'npm run chapter -- 3 --view wire' },
  whole: { type: 'switch' },
  questions: { type: 'switch' },
  guess: { type: 'list', example: 'npm run chapter -- 2 --guess start-status=101' },
  help: { type: 'switch', short: 'h' },
} as const satisfies OptionTable

type Options = CommandLine<typeof table>['options']

async function main(): Promise<number> {
  const { options, words } = readCommandLine(process.argv.slice(2))
  const [number, container, ...command] = words
  const isPlain = options.plain || options.json || options.guess || options.view
  const form = isPlain ? 'plain' : ownForm()
  if (options.fault?.includes('list')) {
    process.stdout.write(describeFaults())
    return 0
  }
  if (options.help) {
    process.stdout.write(help)
    return 0
  }
  if (options['start-over']) return startOver(form)
  if (options.experiment !== undefined) return experiment(options.experiment, options, words, form)
  const questionnaire = { course: dockerExec, lessons: lessons() }
  if (number === undefined && form === 'plain' && !options.questions && !options.view) {
    checkForOverview(options)
    process.stdout.write(overviewText(questionnaire, options.json ?? false))
    return 0
  }
  const chapter = number === undefined ? undefined : chapterNumber(number)
  const last = chapter ?? 1
  if (options.mine) questionnaire.lessons = lessons(ownExercise(chapter))
  if (options.questions) {
    process.stdout.write(describeQuestions(questionnaire, chapter))
    return 0
  }
  const views = viewsIn(options, chapter)
  if (views.length > 0 && views.every(needsNoRun)) {
    const lines = views.flatMap((view) =>
      sourceView(view, questionnaire.lessons[last - 1], ownPage()),
    )
    process.stdout.write(`${lines.join('\n').trimStart()}\n`)
    return 0
  }
  if (options.beside) checkBeside(options)
  const guesses = readGuesses(questionnaire, last, options.guess ?? [])
  const course = options.mine ? courseWithStageOf(ownExercise(chapter)) : dockerExec
  const settings = settingsFor(options, container, command)
  const where = placeFor(options, form)
  const tape = {
    keep: !options['no-tape'],
    file: options.tape,
    typed: options['keep-typed'] ?? false,
  }
  const begin = (place: Place, { command, tty, interactive }: Settings): Asked => {
    rejectNewerOptions(options, place.engine.apiVersion)
    return askedFrom({ ...options, tty, interactive }, place.container, command)
  }

  if (form !== 'plain') {
    // Most of the workbook is loaded only where it is needed. See examine.ts
    // for require.
    const { guide } =
      require('../../src/guide/guide.ts') as typeof import('../../src/guide/guide.ts')
    return guide<Asked>({
      ...where,
      ...{ course, companions, lessons: questionnaire.lessons },
      exercises: exerciseMenus(daemonArguments(options)),
      experiments: loadExperiments,
      material: chapterMaterial,
      ...{ chapter, settings, begin, form, tape },
      live: options.live ?? false,
      beside: options.beside ?? false,
    })
  }
  const { runChapter } =
    require('../../src/runner/run.ts') as typeof import('../../src/runner/run.ts')
  return runChapter<Asked>({
    ...where,
    ...{ course, companions, last, views },
    showsAllBytes: options.whole ?? false,
    container,
    begin: (place) => begin(place, settings),
    json: options.json ?? false,
    tape,
    live: options.live ?? false,
    beside: options.beside ?? false,
    ...{ guesses, lessons: questionnaire.lessons },
  })
}

/** Returns the learner's progress and the short help. */
function overviewText(questionnaire: Questionnaire, json: boolean): string {
  const chapters = chapterOverviews(questionnaire, chapterMaterial())
  if (json) return `${printableJson({ chapters })}\n`
  return `${overviewLines(chapters, ownPage()).join('\n')}\n\n${shortHelp}`
}

/**
 * Throws if an option has no effect without a chapter. In a terminal it would
 * apply to the run that the learner chooses there.
 */
function checkForOverview(options: Options): void {
  const names = Object.keys(options) as (keyof typeof table)[]
  const [other] = names.filter((name) => name !== 'json' && name !== 'plain')
  if (other === undefined) return
  const word = `--${other}${table[other].type === 'switch' ? '' : ' …'}`
  throw new Failure(
    `--${other} requires a chapter number: npm run chapter -- 1 ${word}`,
    125,
    'Without a number and without menus, npm run chapter only prints your progress.',
  )
}

/** Resets the learner's progress. In a terminal it asks first. */
async function startOver(form: Form): Promise<number> {
  const result = await setProgressAside(form === 'plain' ? undefined : askIn(form))
  const lines = result.length === 0 ? [] : [...result, 'Next: npm run chapter 1']
  const { width } = ownPage()
  for (const line of lines) process.stdout.write(`${wrapText(line, width).join('\n')}\n`)
  return 0
}

/** Throws if a session cannot be shown beside its wire. */
function checkBeside({ json }: Options): void {
  if (json)
    throw new Failure(
      '--beside and --json cannot be combined: the JSON document has the wire of every stage',
      125,
    )
  const problem = besideProblem(ownTerminal(), process.env)
  if (problem)
    throw new Failure(problem, 1, 'Open a terminal of 120 columns or more, or leave --beside out.')
}

/** Returns the requested views. */
function viewsIn({ view = [], json, whole }: Options, chapter: number | undefined): ViewName[] {
  if (whole && view.length === 0) {
    throw new Failure('--whole requires a view: npm run chapter -- 3 --view wire --whole', 125)
  }
  if (view.length > 0 && chapter === undefined) {
    throw new Failure('--view requires a chapter number: npm run chapter -- 3 --view wire', 125)
  }
  if (view.length > 0 && json) {
    throw new Failure(
      '--view and --json cannot be combined: the JSON document has the state and the wire of every stage, and the terminal',
      125,
      'Leave out one of them.',
    )
  }
  return view.filter(isView)
}

/**
 * Returns the options that select the daemon, for the commands that the menus
 * run.
 */
function daemonArguments({ host, practice, image }: Options): string[] {
  return [
    ...(host === undefined ? [] : ['--host', host]),
    ...(practice ? ['--practice'] : []),
    ...(image === undefined ? [] : ['--image', image]),
  ]
}

/** Returns the choice of daemon and sandbox. */
function placeFor(options: Options, form: Form): Omit<PlaceOptions, 'container'> {
  return {
    daemon: daemonFor(options, options.fault),
    sandbox: {
      ...(options.image !== undefined && { image: options.image }),
      mayPull: async (image) => options.pull ?? (await askToPull(image, form)),
    },
  }
}

/**
 * Loads the experiments on demand, because there are many and most runs need
 * none.
 */
function loadExperiments(): readonly AnyExperiment[] {
  const { experiments } = require('./experiments.ts') as typeof import('./experiments.ts')
  return experiments
}

/**
 * Returns the experiments and exercises of each chapter, for the progress
 * table.
 */
function chapterMaterial(): ChapterMaterial[] {
  const experiments = loadExperiments()
  return chapterFolders.map((folder, at) => ({
    experiments: experiments.filter(({ chapter }) => chapter === at + 1).map(({ name }) => name),
    exercises: folder.exercises.map((exercise) => progressOf(exercise, root) === 'right'),
  }))
}

/**
 * Runs an experiment. Its name determines the chapter, so the number is
 * optional.
 */
function experiment(
  name: string,
  options: Options,
  words: readonly string[],
  form: Form,
): Promise<number> {
  const { experimentCommand } =
    require('../../src/experiments/experiment-command.ts') as typeof import('../../src/experiments/experiment-command.ts')
  const hasNumber = /^\d+$/.test(words[0] ?? '')
  return experimentCommand({
    ...placeFor(options, form),
    experiments: loadExperiments(),
    chapters: dockerExec.stages.map((stage) => stage.name),
    name,
    chapter: hasNumber ? chapterNumber(words[0] ?? '') : undefined,
    container: hasNumber ? words[1] : words[0],
    guess: options.guess?.[0],
    form,
    json: options.json ?? false,
  })
}

/** Returns the exercise whose stage is the learner's own. */
function ownExercise(chapter: number | undefined): Exercise {
  if (chapter !== undefined) return findExercise(exercises, chapter)
  throw new Failure('--mine requires a chapter number: npm run chapter -- 3 --mine', 125)
}

/** Returns the course with the learner's own stage. */
function courseWithStageOf(exercise: Exercise): Walkable<Asked> {
  return courseWithOwnStage(dockerExec, exercise, process.cwd(), warn)
}

/**
 * Reads options before and after the number. Everything after the container
 * is its command.
 */
function readCommandLine(args: readonly string[]): CommandLine<typeof table> {
  const script = { name: 'chapter', table, usage }
  return readScriptLine(script, args, (all) => readAroundFirstWord(table, all))
}

function chapterNumber(text: string): number {
  const number = Number(text)
  if (/^[1-9]$/.test(text) && number <= dockerExec.stages.length) return number
  throw new Failure(
    `chapter ${text} does not exist: chapters are numbered 1 to ${dockerExec.stages.length}`,
    1,
    'To start: npm run chapter 1',
  )
}

/**
 * The default is what the article runs, `-it` and `sh`. In a pipe it is only
 * `-i`, and the shell reads its commands from the pipe.
 */
function settingsFor(
  options: Options,
  container: string | undefined,
  command: readonly string[],
): Settings {
  const hasTerminal = process.stdin.isTTY === true && !options['no-tty']
  const interactive = options.interactive ?? !options['no-stdin']
  return {
    container,
    command: command.length > 0 ? command : ['sh'],
    interactive,
    tty: options.tty ?? (hasTerminal && interactive),
  }
}

/**
 * Asks before a download. Without a terminal the answer is no, and the error
 * names the option.
 */
async function askToPull(image: string, form: Form): Promise<boolean> {
  if (form === 'plain') return false
  return askIn(form).confirm(`No local image has a shell. Download ${printableLine(image)}?`)
}

endWith(main())
