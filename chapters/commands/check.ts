/**
 * `npm run check`: judges the learner's exercises, gives hints, shows solutions.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import {
  closingLines,
  differenceLines,
  hintLines,
  listLines,
  verdictLines,
  wordsFor,
} from '../../src/judging/check-lines.ts'
import { type CheckTools, checkWork, findCheckPlace } from '../../src/judging/check-work.ts'
import { editorIn, openEditor } from '../../src/judging/editor.ts'
import { type Exercise, exerciseNamed } from '../../src/judging/exercise.ts'
import { taskLines } from '../../src/judging/exercise-lines.ts'
import {
  forgetRecord,
  nextExercise,
  progressOf,
  recordVerdict,
} from '../../src/judging/exercise-records.ts'
import { startJudge } from '../../src/judging/judge-process.ts'
import { displayPath } from '../../src/judging/load.ts'
import {
  isStarted,
  openOwnFile,
  resetOwnFile,
  solutionFileOf,
  solutionOf,
} from '../../src/judging/own-file.ts'
import { createTrialDisplay } from '../../src/judging/show-trials.ts'
import { startCompiler } from '../../src/judging/types.ts'
import { watchExercises } from '../../src/judging/watch-exercise.ts'
import { ownForm } from '../../src/menus/form.ts'
import { endWith, watchStreams } from '../../src/process/ending.ts'
import { Failure } from '../../src/process/failure.ts'
import { type CommandLine, type OptionTable, parseCommandLine } from '../../src/process/options.ts'
import { readScriptLine } from '../../src/process/script-line.ts'
import { openRunScope } from '../../src/run/run-scope.ts'
import { livePage } from '../../src/show/stage-lines.ts'
import { unifiedDiff } from '../../src/text/difference.ts'
import { wrapText } from '../../src/text/width.ts'
import { casesOf, exercises } from './chapter-folders.ts'
import { daemonFor, daemonOptions } from './daemon-options.ts'
import { judgeProgram } from './paths.ts'

const table = {
  exercise: { type: 'value' },
  task: { type: 'switch' },
  edit: { type: 'switch' },
  watch: { type: 'switch' },
  hint: { type: 'switch' },
  solution: { type: 'switch' },
  reset: { type: 'switch' },
  json: { type: 'switch' },
  ...daemonOptions,
  help: { type: 'switch', short: 'h' },
} as const satisfies OptionTable

const usage = 'Usage:  npm run check -- [OPTIONS] [N [EXERCISE]]'

const help = `${usage}

Judges your exercise of chapter N against a real daemon. A name does as well as
a number: npm run check hijack-split. Without N: all exercises, and how far you
are. Your work is in chapters/mine/. The first check makes the file there.

Options, before or behind N:
      --task            What is to be done, where, and what it is tried with
      --edit            Open your file in the editor that VISUAL or EDITOR names
      --watch           Check whenever you save, and go on to the next exercise
      --hint [1|2|3]    The next hint: where to look, what to notice, the line
      --solution        The difference between your file and the solution
      --reset           The exercise as it came; your work is kept, and you are
                        told where
      --exercise NAME   Not the main exercise of the chapter, but this one
      --json            The verdict as one JSON document
      --image IMAGE     Make the sandbox from this image
      --host HOST       This daemon: unix:///path/to/docker.sock or
                        tcp://host:2375
      --practice        The practice daemon, which needs no Docker

Without N, --task, --edit and --watch take the next exercise that is not right.

Exit code: 0 when it is right; 1 when it is not, or is not started.
`

type Options = CommandLine<typeof table>['options']

/** The scripts of package.json run in the folder of the project. */
const root = process.cwd()

const page = livePage()

const warn = (line: string): void =>
  void process.stderr.write(wrapText(line, page.width).join('\n').concat('\n'))

async function main(): Promise<number> {
  watchStreams()
  const { options, words } = readCommandLine(process.argv.slice(2))
  if (options.help) {
    process.stdout.write(help)
    return 0
  }
  const step =
    options.hint && words.length > 1
      ? words.find((word, at) => at > 0 && /^\d+$/.test(word))
      : undefined
  const names = [
    ...words.filter((word) => word !== step),
    ...(options.exercise === undefined ? [] : [options.exercise]),
  ]
  const exercise = names.length > 0 ? exerciseNamed(exercises, names) : undefined
  if (!exercise) return withoutExercise(options)
  if (options.hint) {
    say(...hintLines(exercise, step === undefined ? undefined : Number(step), page))
    return 0
  }
  if (options.reset) return reset(exercise)
  if (options.solution) return solution(exercise)
  return work(exercise, options)
}

function readCommandLine(args: readonly string[]): CommandLine<typeof table> {
  return readScriptLine({ name: 'check', table, usage }, args, (all) => {
    let options: Options = {}
    const words: string[] = []
    // Nothing here belongs to another command, so options may stand anywhere.
    for (let rest = all; rest.length > 0; ) {
      const read = parseCommandLine(table, rest)
      options = { ...options, ...read.options }
      words.push(...read.words.slice(0, 1))
      rest = read.words.slice(1)
    }
    return { options, words }
  })
}

/** Prints lines, broken for the window. */
function say(...lines: readonly string[]): void {
  const broken = lines.flatMap((line) => wrapText(line, page.width))
  process.stdout.write(broken.map((line) => `${line}\n`).join(''))
}

/** A program reads JSON, and a line break inside it would be an error. */
function sayJson(document: object): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
}

/** What is done where no exercise is named. */
async function withoutExercise(options: Options): Promise<number> {
  const needing = (['hint', 'solution', 'reset'] as const).find((name) => options[name])
  if (needing) {
    throw new Failure(
      `--${needing} needs the number or the name of an exercise`,
      125,
      `For example: npm run check -- 3 --${needing}`,
    )
  }
  const next = nextExercise(exercises, root)
  if (next && (options.task || options.edit || options.watch)) return work(next, options)
  if (options.json) {
    const all = exercises.map((exercise) => ({
      name: exercise.name,
      chapter: exercise.chapter,
      main: exercise.main,
      task: exercise.task,
      progress: progressOf(exercise, root),
    }))
    sayJson({ exercises: all })
  } else {
    process.stdout.write(`${listLines(exercises, root, page).join('\n')}\n`)
  }
  return 0
}

function reset(exercise: Exercise): number {
  const kept = resetOwnFile(exercise, root)
  const { file } = openOwnFile(exercise, root)
  forgetRecord(exercise)
  say(`${displayPath(file)} is as it came.${kept ? ' Your work is kept in' : ''}`)
  // You want to copy the path, so it is not broken.
  if (kept) process.stdout.write(`${kept}\n`)
  say(`Next: npm run check ${wordsFor(exercise)}`)
  return 0
}

function solution(exercise: Exercise): number {
  const { file } = openOwnFile(exercise, root)
  const difference = unifiedDiff(
    { label: `yours     ${displayPath(file)}`, text: readFileSync(file, 'utf8') },
    {
      label: `solution  ${solutionFileOf(exercise)}`,
      text: solutionOf(exercise, root),
    },
  )
  if (difference === '') say('Your file is the solution, letter by letter.')
  else process.stdout.write(`${differenceLines(difference, page).join('\n')}\n`)
  return 0
}

/** What is done with the learner's file: it is described, opened, watched or judged. */
async function work(exercise: Exercise, options: Options): Promise<number> {
  const { file, isNew } = openOwnFile(exercise, root)
  if (isNew) warn(`exercise ${wordsFor(exercise)} is yours now, in ${displayPath(file)}`)
  if (options.edit) return edit(exercise, file)
  if (options.watch) return watch(exercise, options)
  if (options.task) {
    sayTask(exercise)
    return 0
  }
  if (isStarted(exercise, root)) return check(exercise, options)
  const { name } = exercise
  if (options.json)
    sayJson({ exercise: name, file, started: false, right: false, cases: casesOf(exercise) })
  else {
    sayTask(exercise)
    say('', `Not started. Write in ${displayPath(file)}, then npm run check ${wordsFor(exercise)}`)
    say(`A hint: npm run check -- ${wordsFor(exercise)} --hint`)
  }
  return 1
}

function sayTask(exercise: Exercise): void {
  process.stdout.write(`${taskLines(exercise, root, casesOf(exercise), page).join('\n')}\n`)
}

async function edit(exercise: Exercise, file: string): Promise<number> {
  const editor = editorIn(process.env)
  if (editor === undefined) {
    say(
      displayPath(file),
      'Open it in your editor. To have it opened from here, set VISUAL or EDITOR to the command.',
    )
    return 0
  }
  const scope = openRunScope()
  await openEditor(editor, file, scope).finally(scope.releaseAll)
  say(`Next: npm run check ${wordsFor(exercise)}`)
  return 0
}

function toolsIn(scope: ReturnType<typeof openRunScope>): CheckTools {
  return { ...{ program: judgeProgram, root, scope, exercises, casesOf, page } }
}

/** Which daemon, and how a sandbox is made on it. */
function placeOptions(options: Options) {
  const { image } = options
  return {
    daemon: daemonFor(options),
    container: undefined,
    sandbox: { ...(image !== undefined && { image }), mayPull: async () => false },
  }
}

async function watch(exercise: Exercise, options: Options): Promise<number> {
  if (options.json) {
    throw new Failure(
      '--watch is for people, and --json has one document',
      125,
      'Leave one of the two out.',
    )
  }
  const scope = openRunScope()
  const tools = toolsIn(scope)
  try {
    const place = await findCheckPlace(placeOptions(options), tools, warn)
    say(...place.lines)
    await watchExercises(exercise, place, tools, ownForm())
  } finally {
    await scope.releaseAll()
  }
  say('', 'Everything was given back. To come back: npm run check -- --watch')
  return 0
}

async function check(exercise: Exercise, options: Options): Promise<number> {
  const scope = openRunScope()
  const tools = toolsIn(scope)
  const { file } = openOwnFile(exercise, root)
  const json = options.json ?? false
  try {
    const place = await findCheckPlace(placeOptions(options), tools, warn)
    if (!json) {
      say(
        `Exercise ${wordsFor(exercise)}: ${exercise.task}`,
        `${'file'.padEnd(11)}${displayPath(file)}`,
      )
      process.stdout.write(`${place.lines.join('\n')}\n\n`)
    }
    const text = readFileSync(file, 'utf8')
    const askTypes = startCompiler(root, scope)
    const trials = createTrialDisplay(page, { draws: ownForm() === 'menus', lines: !json })
    const line = scope.hold('the line about what runs', trials, trials.clear)
    const judge = startJudge(tools)
    const verdict = await checkWork(exercise, place, judge, askTypes, root, trials)
    await line.release()
    recordVerdict(exercise, verdict.right, text)
    if (json) sayJson({ file, engine: place.host, ...verdict })
    else {
      const lines = [
        ...verdictLines(exercise, verdict, page),
        ...(verdict.right ? [] : ['']),
        ...closingLines(exercise, verdict, exercises, root, page),
      ]
      process.stdout.write(`${lines.join('\n')}\n`)
    }
    return verdict.right ? 0 : 1
  } finally {
    await scope.releaseAll()
  }
}

endWith(main())
