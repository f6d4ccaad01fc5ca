/**
 * Runs a course without questions: finds the daemon, creates a sandbox if no
 * container is given, runs the stages and shows what each of them did.
 *
 * @module
 */

import { loadBeside } from '../beside/load-beside.ts'
import type { Scope } from '../course/scope.ts'
import { chapterTitle, type Walkable } from '../course/stage.ts'
import type { Engine } from '../engine/engine.ts'
import { findPlace, type Place, type PlaceOptions } from '../find/place.ts'
import { unlessProcessEnds } from '../process/ending.ts'
import { Failure, warn } from '../process/failure.ts'
import type { Lesson } from '../questions/lesson.ts'
import { type Guess, judge, type Verdict, verdictLine } from '../questions/prediction.ts'
import { recordDone } from '../questions/progress.ts'
import { recordVerdict } from '../questions/questions.ts'
import type { AnyCompanion } from '../run/companion.ts'
import { openRunScope } from '../run/run-scope.ts'
import { type WalkObserver, type WalkResult, walkChapter } from '../run/walk-chapter.ts'
import { engineLines, sandboxLines } from '../show/place-lines.ts'
import { sessionLines } from '../show/session-lines.ts'
import {
  daemonLog,
  headingLines,
  ownPage,
  type Page,
  stageLines,
  summaryLine,
  terminalLines,
} from '../show/stage-lines.ts'
import type { TapeEvent } from '../tape/event.ts'
import { keepTape, type TapeChoice } from '../tape/keep.ts'
import { createRecorder } from '../tape/recorder.ts'
import { taskLines } from '../tasks/task-lines.ts'
import { ownTerminal } from '../terminal/terminal.ts'
import { shortIds } from '../text/hex.ts'
import { printableJson, printableLine } from '../text/printable.ts'
import { wrapText } from '../text/width.ts'
import { type Evidence, watchDaemon } from './run-evidence.ts'
import { runJson } from './run-json.ts'
import { lastStageViews, type ViewName } from './views.ts'

/** What to run and how to show it. */
export type RunOptions<First extends object> = PlaceOptions & {
  readonly course: Walkable<First>
  readonly companions: readonly AnyCompanion[]
  /** The number of the last stage to run. */
  readonly last: number
  /**
   * Creates the input of the first stage. Throws for options that the daemon
   * does not know.
   */
  readonly begin: (place: Place) => First
  /** Whether to write one JSON document instead of text. */
  readonly json: boolean
  readonly tape: TapeChoice
  /** Whether to serve a live page of the run. */
  readonly live?: boolean
  /** Whether the session is shown beside its wire. */
  readonly beside?: boolean
  /**
   * The views of the last stage to show. Without any, every stage is
   * reported.
   */
  readonly views?: readonly ViewName[]
  /** Whether these views show IDs, bodies and flags in full. */
  readonly showsAllBytes?: boolean
  /** The learner's guesses, which the run judges. The verdicts are stored. */
  readonly guesses?: readonly Guess[]
  /** The questions and the sources of each chapter. */
  readonly lessons?: readonly Lesson[]
}

/** Where a run writes, and how wide. */
type Output = {
  readonly page: Page
  readonly print: (...lines: readonly string[]) => void
}

/** The result of a run. */
type FinishedRun = {
  readonly result: WalkResult
  /** Gathered only if views were requested. */
  readonly evidence?: Evidence
  /** Undefined if no engine was found. */
  readonly engine?: Engine
  /** The file of the tape, if the tape was saved. */
  readonly tapeFile?: string
}

/**
 * Runs once and writes appended text or one JSON document.
 *
 * @returns the exit code of the command if the course was completed, else 0
 * @throws the {@link Failure} that stopped the run, after everything else was
 * written
 */
export async function runChapter<First extends object>(
  options: RunOptions<First>,
): Promise<number> {
  const { json, guesses = [], lessons = [] } = options
  const output: Output = {
    page: ownPage(),
    print(...lines) {
      if (!json) for (const line of lines) process.stdout.write(`${line}\n`)
    },
  }
  const scope = openRunScope()
  const run = await unlessProcessEnds(runStages(options, scope, output).finally(scope.releaseAll))
  const { result } = run
  recordDone(result, options.last, warn)
  const verdicts = guesses.map((guess) => judge(guess, result))
  for (const verdict of verdicts) {
    recordVerdict({ course: options.course, lessons }, options.last, verdict, warn)
  }
  if (json) {
    const document = runJson(run.engine, result, verdicts)
    process.stdout.write(`${printableJson(document)}\n`)
  } else {
    output.print(...closingLines(options, run, verdicts, output.page))
  }
  if (result.failure) throw result.failure
  return result.exitCode ?? 0
}

/**
 * Finds a place and runs the stages there. A {@link Failure} is part of the
 * result.
 */
async function runStages<First extends object>(
  options: RunOptions<First>,
  scope: Scope,
  { page, print }: Output,
): Promise<FinishedRun> {
  const { course, companions, last, json, views = [], lessons = [] } = options
  print(...wrapText(chapterTitle(course, last), page.width).map(page.style.bold))
  const seen: { engine?: Engine; tapeFile?: string } = {}
  try {
    const place = await findPlace(options, createRecorder(), scope, {
      engine(found) {
        seen.engine = found.engine
        print(...engineLines(found, page))
      },
      sandbox: (name, image) => print(...sandboxLines(name, image, page)),
      warn,
    })
    if (options.live) await printLiveAddress(options, place, scope)
    const { host } = place.engine
    const own = ownTerminal()
    // The in-memory terminal is loaded only when needed.
    const beside = options.beside
      ? loadBeside().openBeside({
          own,
          recorder: place.recorder,
          scope,
          style: page.style,
        })
      : undefined
    const terminal = json ? { ...own, output: process.stderr } : (beside?.terminal ?? own)
    const earlier: TapeEvent[] = []
    const observer: WalkObserver = {
      stage(report) {
        print(
          ...(views.length > 0 ? [summaryLine(report, page)] : stageLines(report, page, earlier)),
        )
        earlier.push(...report.wire)
      },
      session: ({ wayOut, tasks }) =>
        print(
          ...['', ...headingLines('the session', page)],
          ...[...taskLines(tasks, page), ...wrapText(wayOut, page.width), ''],
        ),
      sessionEnded(result) {
        const heading = result.terminal ? 'the terminal is yours again' : 'the session is over'
        print('', ...headingLines(heading, page), ...sessionLines(result, page, options.beside))
      },
      tape(recorded) {
        const file = keepTape(recorded, options.tape, host, warn)
        if (file !== undefined) seen.tapeFile = file
      },
      tapeSoFar: (recorded) => void keepTape(recorded, options.tape, host),
    }
    const first = options.begin(place)
    const gatherEvidence = watchDaemon(place, lessons)
    const walk = { course, companions, last, first, terminal }
    const observing = beside?.observe(observer) ?? observer
    const result = await walkChapter(walk, place, scope, observing)
    return { ...seen, result, ...(views.length > 0 && { evidence: await gatherEvidence(result) }) }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { ...seen, result: { stages: [], exitCode: null, unfinished: [], failure: error } }
  }
}

/**
 * Opens the live page and prints its address: on stdout, unless a JSON
 * document goes there.
 */
async function printLiveAddress<First extends object>(
  { course, last, tape, json }: RunOptions<First>,
  place: Place,
  scope: Scope,
): Promise<void> {
  const stages = course.stages.slice(0, last).map(({ name }) => name)
  // It is large, and needed only here. See examine.ts for require.
  const { openLivePage } = require('../live/live-page.ts') as typeof import('../live/live-page.ts')
  const { url } = await openLivePage({ place, last, stages, typed: tape.typed }, scope)
  const output = json ? process.stderr : process.stdout
  output.write(`Live page: ${url}\n`)
}

/**
 * Returns the lines after the stages: the views or the terminal, the tape,
 * the verdicts, the next step.
 */
function closingLines<First extends object>(
  options: RunOptions<First>,
  { result, evidence, tapeFile }: FinishedRun,
  verdicts: readonly Verdict[],
  page: Page,
): string[] {
  const wrap = (text: string): string[] => wrapText(text, page.width)
  return [
    ...(evidence
      ? lastStageViews(options.views ?? [], evidence, page, options.showsAllBytes ?? false)
      : []),
    ...(!evidence && result.terminal ? terminalLines(result.terminal, page) : []),
    ...(tapeFile === undefined ? [] : ['', ...wrap(printableLine(tapeLine(options.tape)))]),
    ...(verdicts.length > 0 ? ['', ...headingLines('what you expected', page)] : []),
    ...verdicts.flatMap((verdict) => ['', ...wrap(verdictLine(verdict, result))]),
    ...(result.failure ? [] : lastLines(options, result, page)),
  ]
}

/** Returns the command that replays the run. */
function tapeLine({ file }: TapeChoice): string {
  return `Tape: npm run replay${file === undefined ? '' : ` ${file}`}`
}

/** Returns the requests as the daemon saw them, and the next step. */
function lastLines<First extends object>(
  { course, last }: RunOptions<First>,
  { stages, exitCode }: WalkResult,
  page: Page,
): string[] {
  const log = daemonLog(stages.flatMap(({ wire }) => wire))
  const wrap = (line: string): string[] => wrapText(line, page.width)
  const whole = stages.length === course.stages.length
  const next = last < course.stages.length ? last + 1 : undefined
  return [
    ...(whole
      ? ['', ...headingLines('as the daemon saw it', page), ...log.map(shortIds).flatMap(wrap)]
      : []),
    '',
    ...(exitCode === null ? wrap('Everything has been restored.') : []),
    ...wrap(
      next
        ? `Next: npm run chapter ${next}`
        : 'This was the last chapter. To run all of it silently: npm run exec -- -it CONTAINER sh',
    ),
  ]
}
