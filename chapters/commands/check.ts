/**
 * `npm run check`: judges the learner's exercises, gives hints and shows
 * solutions.
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
import { endWith } from '../../src/process/ending.ts'
import { Failure } from '../../src/process/failure.ts'
import { type CommandLine, type OptionTable, parseCommandLine } from '../../src/process/options.ts'
import { readScriptLine } from '../../src/process/script-line.ts'
import { openRunScope } from '../../src/run/run-scope.ts'
import { livePage } from '../../src/show/stage-lines.ts'
import { unifiedDiff } from '../../src/text/difference.ts'
import { printableJson } from '../../src/text/printable.ts'
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

Checks your exercise for chapter N against a real daemon. You can give its name
instead: npm run check hijack-split. Without N it lists all exercises and your
progress. Your work is in chapters/mine/; the first check creates the file.

Options, before or after N:
      --task            Show the task, your file and the test cases
      --edit            Open your file in the editor from VISUAL or EDITOR
      --watch           Check on every save, then go on to the next exercise
      --hint [1|2|3]    The next hint: where to look, what to notice, the line
      --solution        Show the diff between your file and the solution
      --reset           Reset the exercise; your file is saved first, and the
                        command prints where
      --exercise NAME   Use this exercise instead of the chapter's main one
      --json            Print the verdict as one JSON document
      --image IMAGE     Create the sandbox from this image
      --host HOST       Use unix:///path, tcp://host:2375 or ssh://user@host
      --practice        Use the practice daemon, which needs no Docker

Without N, --task, --edit and --watch take the next unsolved exercise.

Exit code: 0 if your work is right; 1 if it is wrong or not started.
`

type Options = CommandLine<typeof table>['options']

/** npm runs scripts in the project's folder. */
const root = process.cwd()

const page = livePage()

const warn = (line: string): void =>
  void process.stderr.write(wrapText(line, page.width).join('\n').concat('\n'))

async function main(): Promise<number> {
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
    print(...hintLines(exercise, step === undefined ? undefined : Number(step), page))
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
    // No word here belongs to another command, so options may appear
    // anywhere.
    for (let rest = all; rest.length > 0; ) {
      const read = parseCommandLine(table, rest)
      options = { ...options, ...read.options }
      words.push(...read.words.slice(0, 1))
      rest = read.words.slice(1)
    }
    return { options, words }
  })
}

/** Prints lines, wrapped to the window. */
function print(...lines: readonly string[]): void {
  const broken = lines.flatMap((line) => wrapText(line, page.width))
  process.stdout.write(broken.map((line) => `${line}\n`).join(''))
}

/** Prints JSON without wrapping, which would make it invalid. */
function printJson(document: object): void {
  process.stdout.write(`${printableJson(document)}\n`)
}

/** Handles a command line without an exercise. */
async function withoutExercise(options: Options): Promise<number> {
  const option = (['hint', 'solution', 'reset'] as const).find((name) => options[name])
  if (option) {
    throw new Failure(
      `--${option} requires the number or the name of an exercise`,
      125,
      `For example: npm run check -- 3 --${option}`,
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
    printJson({ exercises: all })
  } else {
    process.stdout.write(`${listLines(exercises, root, page).join('\n')}\n`)
  }
  return 0
}

function reset(exercise: Exercise): number {
  const kept = resetOwnFile(exercise, root)
  const { file } = openOwnFile(exercise, root)
  forgetRecord(exercise)
  print(`${displayPath(file)} has been reset.${kept ? ' Your work is saved in' : ''}`)
  // Don't wrap the path, so it can be copied.
  if (kept) process.stdout.write(`${kept}\n`)
  print(`Next: npm run check ${wordsFor(exercise)}`)
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
  if (difference === '') print('Your file is identical to the solution.')
  else process.stdout.write(`${differenceLines(difference, page).join('\n')}\n`)
  return 0
}

/** Describes, opens, watches or judges the learner's file. */
async function work(exercise: Exercise, options: Options): Promise<number> {
  const { file, isNew } = openOwnFile(exercise, root)
  if (isNew) warn(`created ${displayPath(file)} for exercise ${wordsFor(exercise)}`)
  if (options.edit) return edit(exercise, file)
  if (options.watch) return watch(exercise, options)
  if (options.task) {
    printTask(exercise)
    return 0
  }
  if (isStarted(exercise, root)) return check(exercise, options)
  const { name } = exercise
  if (options.json)
    printJson({ exercise: name, file, started: false, right: false, cases: casesOf(exercise) })
  else {
    printTask(exercise)
    print(
      '',
      `Not started. Edit ${displayPath(file)}, then run: npm run check ${wordsFor(exercise)}`,
    )
    print(`For a hint: npm run check -- ${wordsFor(exercise)} --hint`)
  }
  return 1
}

function printTask(exercise: Exercise): void {
  process.stdout.write(`${taskLines(exercise, root, casesOf(exercise), page).join('\n')}\n`)
}

async function edit(exercise: Exercise, file: string): Promise<number> {
  const editor = editorIn(process.env)
  if (editor === undefined) {
    print(
      displayPath(file),
      'Open this file in your editor. To open it from here, set VISUAL or EDITOR.',
    )
    return 0
  }
  const scope = openRunScope()
  await openEditor(editor, file, scope).finally(scope.releaseAll)
  print(`Next: npm run check ${wordsFor(exercise)}`)
  return 0
}

function toolsIn(scope: ReturnType<typeof openRunScope>): CheckTools {
  return { ...{ program: judgeProgram, root, scope, exercises, casesOf, page } }
}

/** Returns the choice of daemon and sandbox. */
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
      '--watch and --json cannot be combined: --json prints only one document',
      125,
      'Leave out one of them.',
    )
  }
  const scope = openRunScope()
  const tools = toolsIn(scope)
  try {
    const place = await findCheckPlace(placeOptions(options), tools, warn)
    print(...place.lines)
    await watchExercises(exercise, place, tools, ownForm())
  } finally {
    await scope.releaseAll()
  }
  print('', 'Everything has been restored. To continue: npm run check -- --watch')
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
      print(
        `Exercise ${wordsFor(exercise)}: ${exercise.task}`,
        `${'file'.padEnd(11)}${displayPath(file)}`,
      )
      process.stdout.write(`${place.lines.join('\n')}\n\n`)
    }
    const text = readFileSync(file, 'utf8')
    const askTypes = startCompiler(root, scope)
    const trials = createTrialDisplay(page, { draws: ownForm() === 'menus', lines: !json })
    const line = scope.hold('progress line', trials, trials.clear)
    const judge = startJudge(tools)
    const verdict = await checkWork(exercise, place, judge, askTypes, root, trials)
    await line.release()
    recordVerdict(exercise, verdict.right, text)
    if (json) printJson({ file, engine: place.host, ...verdict })
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
