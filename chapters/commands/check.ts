/**
 * `npm run check`: judges the learner's exercises, gives hints, shows solutions.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { findEngine } from '../../src/find/find-engine.ts'
import { createSandbox } from '../../src/find/sandbox.ts'
import { type Exercise, findExercise } from '../../src/judging/exercise.ts'
import type { Verdict } from '../../src/judging/judge.ts'
import { judgeAll } from '../../src/judging/judge-all.ts'
import { shown } from '../../src/judging/load.ts'
import {
  forget,
  openMine,
  progressOf,
  recall,
  remember,
  resetMine,
  solutionFileOf,
  solutionOf,
} from '../../src/judging/mine.ts'
import { typeError } from '../../src/judging/types.ts'
import { endWith, unlessEnded, watchStreams } from '../../src/process/ending.ts'
import { Failure } from '../../src/process/failure.ts'
import { type CommandLine, type OptionTable, parseCommandLine } from '../../src/process/options.ts'
import { readScriptLine } from '../../src/process/script-line.ts'
import { openRunScope } from '../../src/run/run-scope.ts'
import { unifiedDiff } from '../../src/text/difference.ts'
import { hangingLines, padText, widthOf, wrapText } from '../../src/text/width.ts'
import { daemonFor, daemonOptions } from './daemon-options.ts'
import { judgeProgram } from './paths.ts'
import { exercises } from './rooms.ts'

const table = {
  exercise: { type: 'value' },
  hint: { type: 'switch' },
  solution: { type: 'switch' },
  reset: { type: 'switch' },
  json: { type: 'switch' },
  ...daemonOptions,
  help: { type: 'switch', short: 'h' },
} as const satisfies OptionTable

const usage = 'Usage:  npm run check -- [OPTIONS] [N [EXERCISE]]'

const help = `${usage}

Judges your exercise of chapter N against a real daemon. Without N: all exercises, and how far
you are. Your work stands in chapters/mine/, and is made there by the first check.

Options, before or behind N:
      --exercise NAME   Not the main exercise of the chapter, but this one
      --hint [1|2|3]    The next hint: where to look, what to notice, the line
      --solution        The difference between your file and the solution
      --reset           The exercise as it came; your work is kept, and you are told where
      --json            The verdict as one JSON document
      --image IMAGE     Make the sandbox from this image
      --host HOST       This daemon: unix:///path/to/docker.sock or tcp://host:2375
      --practice        The practice daemon, which needs no Docker

Exit code: 0 when it is right, 1 when it is not.
`

type Options = CommandLine<typeof table>['options']

/** The scripts of package.json run in the folder of the project. */
const root = process.cwd()

async function main(): Promise<number> {
  watchStreams()
  const { options, words } = readCommandLine(process.argv.slice(2))
  if (options.help) {
    process.stdout.write(help)
    return 0
  }
  const [chapter, ...rest] = words
  if (chapter === undefined) {
    listAll(options.json ?? false)
    return 0
  }
  const step = options.hint ? rest.find((word) => /^\d+$/.test(word)) : undefined
  const name = options.exercise ?? rest.find((word) => word !== step)
  const exercise = findExercise(exercises, Number(chapter), name)
  if (options.hint) return hint(exercise, step)
  if (options.reset) return reset(exercise)
  if (options.solution) return solution(exercise)
  return check(exercise, options)
}

function readCommandLine(args: readonly string[]): CommandLine<typeof table> {
  return readScriptLine({ name: 'check', table, usage }, args, () => {
    let options: Options = {}
    const words: string[] = []
    // Nothing here belongs to another command, so options may stand anywhere.
    for (let rest = args; rest.length > 0; ) {
      const read = parseCommandLine(table, rest)
      options = { ...options, ...read.options }
      words.push(...read.words.slice(0, 1))
      rest = read.words.slice(1)
    }
    return { options, words }
  })
}

/** Prints lines, broken for the window. In a pipe, which has none, they stay whole. */
function say(...lines: readonly string[]): void {
  const { columns = Number.POSITIVE_INFINITY } = process.stdout
  const broken = lines.flatMap((line) => wrapText(line, columns))
  process.stdout.write(broken.map((line) => `${line}\n`).join(''))
}

/** A program reads JSON, and a line break inside it would be an error. */
function sayJson(document: object): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
}

/** The words that reach an exercise: `3`, or `3 split` for a smaller one. */
function wordsFor({ chapter, main, name }: Exercise): string {
  return main ? `${chapter}` : `${chapter} ${name.slice(3)}`
}

function listAll(json: boolean): void {
  if (json) {
    const all = exercises.map((exercise) => ({
      name: exercise.name,
      chapter: exercise.chapter,
      main: exercise.main,
      task: exercise.task,
      progress: progressOf(exercise, root),
    }))
    sayJson({ exercises: all })
    return
  }
  const rows = exercises.map((exercise) => ({
    command: `npm run check ${wordsFor(exercise)}`,
    progress: progressOf(exercise, root),
    task: exercise.task,
  }))
  const wide = Math.max(...rows.map(({ command }) => widthOf(command)))
  for (const { command, progress, task } of rows) {
    const mark = `${padText(command, wide)}  ${padText(progress, 15)}  `
    say(...hangingLines(mark, task, process.stdout.columns ?? Number.POSITIVE_INFINITY))
  }
  const next = exercises.find((exercise) => progressOf(exercise, root) !== 'right')
  say('', next ? `Next: npm run check ${wordsFor(next)}` : 'All of them are right.')
}

/** Gives a hint: the one that is asked for, else the one behind the last. */
function hint(exercise: Exercise, step: string | undefined): number {
  const count = exercise.hints.length
  const number = step === undefined ? Math.min(recall(exercise).hints + 1, count) : Number(step)
  const text = exercise.hints[number - 1]
  if (text === undefined) throw new Failure(`there are ${count} hints, 1 to ${count}`)
  remember(exercise, { hints: Math.max(recall(exercise).hints, number) })
  say(`Hint ${number} of ${count}: ${text}`, '')
  say(
    number < count
      ? `More: npm run check -- ${wordsFor(exercise)} --hint ${number + 1}`
      : `Now only the solution is left: npm run check -- ${wordsFor(exercise)} --solution`,
  )
  return 0
}

function reset(exercise: Exercise): number {
  const kept = resetMine(exercise, root)
  const { file } = openMine(exercise, root)
  forget(exercise)
  say(
    kept
      ? `${shown(file)} is as it came. Your work is kept in ${kept}`
      : `${shown(file)} is as it came.`,
    `Next: npm run check ${wordsFor(exercise)}`,
  )
  return 0
}

function solution(exercise: Exercise): number {
  const { file } = openMine(exercise, root)
  const difference = unifiedDiff(
    { label: `yours     ${shown(file)}`, text: readFileSync(file, 'utf8') },
    {
      label: `solution  ${solutionFileOf(exercise)}`,
      text: solutionOf(exercise, root),
    },
  )
  say(difference.trimEnd() || 'Your file is the solution, letter by letter.')
  return 0
}

async function check(exercise: Exercise, options: Options): Promise<number> {
  const scope = openRunScope()
  const warn = (line: string): void => void process.stderr.write(`${line}\n`)
  const { file, isNew } = openMine(exercise, root)
  const json = options.json ?? false
  if (isNew) warn(`exercise ${wordsFor(exercise)} is yours now, in ${shown(file)}`)
  try {
    const found = await findEngine(daemonFor(options), scope, { environment: process.env, warn })
    let container = found.container
    let where = 'in the practice container'
    if (container === undefined) {
      const choice = {
        ...(options.image !== undefined && { image: options.image }),
        mayPull: async () => false,
        progress: warn,
      }
      const { value: sandbox } = await createSandbox(found.engine, choice, scope)
      container = sandbox.name
      where = `in ${container}, from ${sandbox.image}`
    }
    if (!json) {
      say(
        `Exercise ${wordsFor(exercise)}: ${exercise.task}`,
        `file     ${shown(file)}`,
        `engine   ${found.engine.host}: ${found.banner}`,
        `sandbox  ${where}`,
        '',
      )
    }
    const jobs = [{ exercise: exercise.name, file }]
    const judging = judgeAll(
      { host: found.engine.host, container, jobs },
      judgeProgram,
      root,
      scope,
    )
    // The compiler needs two seconds, and the other process is at work meanwhile.
    const types = await new Promise<string | undefined>((resolve) => {
      setImmediate(() => resolve(typeError(file, root)))
    })
    const [judged] = await judging
    // Ctrl-C may have reached the judging process first. Ours is heard in the next turn, and then it
    // was that process that was ended and not the learner's work: that is no verdict.
    await unlessEnded(new Promise((resolve) => setTimeout(resolve, 20)))
    const verdict = withTypes(
      judged ?? { exercise: exercise.name, right: false, passed: [] },
      types,
    )
    remember(exercise, { right: verdict.right })
    if (json) sayJson({ file, engine: found.engine.host, ...verdict })
    else say(...verdictLines(exercise, verdict))
    return verdict.right ? 0 : 1
  } finally {
    await scope.releaseAll()
  }
}

/** Work that runs, and that the compiler does not accept, is not done yet. */
function withTypes(verdict: Verdict, types: string | undefined): Verdict {
  if (types === undefined) return verdict
  const { complaint, ...rest } = verdict
  const both = [complaint, `the types do not fit: ${types}`].filter((text) => text !== undefined)
  return { ...rest, right: false, complaint: both.join('.\nAnd ') }
}

function verdictLines(exercise: Exercise, verdict: Verdict): string[] {
  const { right, passed, failed, complaint, difference } = verdict
  const words = wordsFor(exercise)
  const lines = passed.map((title) => `right  ${title}`)
  if (right) {
    const next = exercises[exercises.indexOf(exercise) + 1]
    const mine = exercise.main
      ? `See it in the story: npm run chapter -- ${exercise.chapter} --mine`
      : ''
    return [
      ...lines,
      '',
      `Right. ${mine}`.trim(),
      `Another way to do it: npm run check -- ${words} --solution`,
      next ? `Next: npm run check ${wordsFor(next)}` : 'This was the last exercise.',
    ]
  }
  return [
    ...lines,
    ...(failed ? [`WRONG  ${failed}`] : []),
    '',
    (complaint ?? 'it could not be judged').replace(/[^.?]$/, '$&.'),
    ...(difference ? ['', ...difference.trimEnd().split('\n')] : []),
    '',
    `Next: write in ${shown(openMine(exercise, root).file)}, then npm run check ${words}`,
    `A hint: npm run check -- ${words} --hint`,
  ]
}

endWith(main())
