/**
 * Walks a course for a learner: finds the daemon, makes a sandbox if there is no container, runs
 * the stages and shows what each of them did.
 *
 * @module
 */

import type { Scope } from '../course/scope.ts'
import type { Walkable } from '../course/stage.ts'
import type { Engine } from '../engine/engine.ts'
import type { FoundEngine } from '../find/find-engine.ts'
import { findPlace, type PlaceOptions, type PlaceWatcher } from '../find/place.ts'
import { unlessEnded } from '../process/ending.ts'
import { Failure } from '../process/failure.ts'
import { guessesJson } from '../questions/guesses.ts'
import type { Lesson } from '../questions/lesson.ts'
import { type Guess, judge, verdictLine } from '../questions/prediction.ts'
import { rememberVerdict } from '../questions/questions.ts'
import type { AnyCompanion } from '../run/companion.ts'
import { openRunScope } from '../run/run-scope.ts'
import { type WalkObserver, type WalkResult, walkChapter } from '../run/walk-chapter.ts'
import {
  daemonLog,
  headingLines,
  ownPage,
  type Page,
  stageLines,
  summaryLine,
  terminalLines,
} from '../show/report.ts'
import type { TapeEvent } from '../tape/event.ts'
import { keepTape, type TapeChoice } from '../tape/keep.ts'
import { createRecorder } from '../tape/recorder.ts'
import { addedNames } from '../tape/state.ts'
import { wireJson } from '../tape/wire.ts'
import { ownTerminal } from '../terminal/terminal.ts'
import { hangingLines, widthOf, wrapText } from '../text/width.ts'
import { type Evidence, watchDaemon } from './evidence.ts'
import { lastStageViews, type ViewName } from './views.ts'

/** What to walk, and how to show it. */
export type Run<First extends object> = PlaceOptions & {
  readonly course: Walkable<First>
  readonly companions: readonly AnyCompanion[]
  /** The number of the last stage to run. */
  readonly last: number
  /** Makes the state that the course begins with. */
  readonly begin: (container: string) => First
  /** One JSON document instead of text. */
  readonly json: boolean
  readonly tape: TapeChoice
  /** What to show of the last stage instead of a report of each of them. Without it there are reports. */
  readonly views?: readonly ViewName[]
  /** What was guessed before the run. The guesses are judged behind it, and remembered. */
  readonly guesses?: readonly Guess[]
  /** What each chapter asks, and what it is made of. */
  readonly lessons?: readonly Lesson[]
}

/**
 * Runs it once, as text that is only ever appended or as one JSON document.
 *
 * @returns the exit code of the command where the course came to its end, else 0
 */
export async function runChapter<First extends object>(run: Run<First>): Promise<number> {
  const page = ownPage()
  const say = (...lines: readonly string[]): void => {
    if (!run.json) for (const line of lines) process.stdout.write(`${line}\n`)
  }
  const scope = openRunScope()
  let engine: Engine | undefined
  let tape: string | undefined
  const watcher: PlaceWatcher = {
    engine(found) {
      engine = found.engine
      say(...engineLines(found, page))
    },
    sandbox: (name, image) => say(...sandboxLines(name, image, page)),
    warn: (line) => void process.stderr.write(`${line}\n`),
  }
  const keep: WalkObserver['tape'] = (recorded) => {
    tape = keepTape(recorded, run.tape, engine?.host ?? '', watcher.warn)
  }
  const following = follow(run, scope, watcher, page, say, keep)
    .catch((error: unknown): Followed => {
      if (!(error instanceof Failure)) throw error
      return { findings: { stages: [], exitCode: null, unfinished: [], failure: error } }
    })
    .finally(scope.releaseAll)
  const { findings, evidence } = await unlessEnded(following)

  const { guesses = [] } = run
  const verdicts = guesses.map((guess) => judge(guess, findings))
  for (const verdict of verdicts) {
    rememberVerdict({ lessons: [], ...run }, run.last, verdict, watcher.warn)
  }
  if (run.json) {
    const guessed = guesses.length > 0 && { guesses: guessesJson(guesses, findings) }
    const document = { ...asDocument(engine, findings), ...guessed }
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
  } else {
    if (evidence) say(...lastStageViews(run.views ?? [], evidence, page))
    else if (findings.terminal) say(...terminalLines(findings.terminal, page))
    if (tape !== undefined) say('', ...wrapText(tapeLine(run.tape), page.width))
    if (verdicts.length > 0) say('', ...headingLines('what you expected', page))
    for (const verdict of verdicts) say('', ...wrapText(verdictLine(verdict, findings), page.width))
    if (!findings.failure) say(...lastLines(run, findings, page))
  }
  if (findings.failure) throw findings.failure
  return findings.exitCode ?? 0
}

/** What a walk has brought, and where somebody wants to look at it, what there is to see. */
type Followed = { readonly findings: WalkResult; readonly evidence?: Evidence }

async function follow<First extends object>(
  run: Run<First>,
  scope: Scope,
  watcher: PlaceWatcher,
  page: Page,
  say: (...lines: readonly string[]) => void,
  tape: NonNullable<WalkObserver['tape']>,
): Promise<Followed> {
  const { course, companions, last, json, views = [], lessons = [] } = run
  say(
    ...wrapText(
      `Chapter ${last} of ${course.stages.length}: ${course.stages[last - 1]?.name}`,
      page.width,
    ).map(page.style.bold),
  )
  const place = await findPlace(run, createRecorder(), scope, watcher)
  const own = ownTerminal()
  const terminal = json ? { ...own, output: process.stderr } : own
  const earlier: TapeEvent[] = []
  const observer: WalkObserver = {
    stage(report) {
      say(...(views.length > 0 ? [summaryLine(report, page)] : stageLines(report, page, earlier)))
      earlier.push(...report.wire)
    },
    session: (wayOut) =>
      say('', ...headingLines('the session', page), ...wrapText(wayOut, page.width), ''),
    tape,
    tapeMeanwhile: (recorded) => void keepTape(recorded, run.tape, place.engine.host),
  }
  const first = run.begin(place.container)
  const gather = watchDaemon(place, lessons)
  const findings = await walkChapter(
    { course, companions, last, first, terminal },
    place,
    scope,
    observer,
  )
  return views.length > 0 ? { findings, evidence: await gather(findings) } : { findings }
}

/** The room of the words that stand before the engine and the sandbox. */
const labelWidth = 11

/** Which sandbox it is. */
export function sandboxLines(name: string, image: string, { width }: Page): string[] {
  const text = `${name}, from ${image}, removed at the end`
  return hangingLines('sandbox'.padEnd(labelWidth), text, width)
}

/** Which daemon it is, and why that one. */
export function engineLines({ engine, banner }: FoundEngine, page: Page): string[] {
  const label = 'engine'.padEnd(labelWidth)
  // An address is there to be copied: it is broken only where no line has room for it.
  const isBeside = widthOf(engine.host) <= page.width - labelWidth
  return [
    ...(isBeside ? [label + engine.host] : [label.trim(), ...wrapText(engine.host, page.width)]),
    ...hangingLines(' '.repeat(labelWidth), banner, page.width),
  ]
}

/** How to step through the run once more. */
export function tapeLine({ file }: TapeChoice): string {
  return `Tape: npm run replay${file === undefined ? '' : ` ${file}`}`
}

/** What the run was to the daemon, and what to do next. */
function lastLines<First extends object>(
  { course, last }: Run<First>,
  { stages, exitCode }: WalkResult,
  page: Page,
): string[] {
  const log = daemonLog(stages.flatMap(({ wire }) => wire))
  const wrap = (line: string): string[] => wrapText(line, page.width)
  const whole = stages.length === course.stages.length
  const next = last < course.stages.length ? last + 1 : undefined
  return [
    ...(whole ? ['', ...headingLines('as the daemon saw it', page), ...log.flatMap(wrap)] : []),
    '',
    ...(exitCode === null ? wrap('Everything that was held has been given back.') : []),
    ...wrap(
      next
        ? `Next: npm run chapter ${next}`
        : 'This was the last chapter. The same without a word: npm run exec -- -it CONTAINER sh',
    ),
  ]
}

/** The one JSON document of a run. */
function asDocument(
  engine: Engine | undefined,
  { stages, exitCode, unfinished, terminal, failure }: WalkResult,
): object {
  return {
    daemon: engine
      ? {
          host: engine.host,
          product: engine.product || null,
          version: engine.version || null,
          apiVersion: engine.apiVersion,
        }
      : null,
    stages: stages.map(({ number, name, title, before, state, wire, held, milliseconds }) => ({
      ...{ number, name, title },
      added: addedNames(before, state),
      state,
      wire: wireJson(wire),
      ...{ held, milliseconds },
    })),
    terminal: terminal ?? null,
    exitCode,
    ...(failure && {
      error: { message: failure.message, hint: failure.hint ?? null, wire: wireJson(unfinished) },
    }),
  }
}
