/**
 * One run of a chapter in the guide, with its headings, its tape and its
 * evidence.
 *
 * @module
 */

import { basename } from 'node:path'
import { loadBeside } from '../beside/load-beside.ts'
import { createScope } from '../course/scope.ts'
import { findPlace, type Place } from '../find/place.ts'
import { createMemoryTerminal } from '../judging/memory-terminal.ts'
import { unlessProcessEnds } from '../process/ending.ts'
import { warn } from '../process/failure.ts'
import { type WalkObserver, walkChapter } from '../run/walk-chapter.ts'
import { watchDaemon } from '../runner/run-evidence.ts'
import { sessionLines } from '../show/session-lines.ts'
import { headingLines, summaryLine } from '../show/stage-lines.ts'
import type { Tape } from '../tape/event.ts'
import { keepTape } from '../tape/keep.ts'
import { createRecorder } from '../tape/recorder.ts'
import { taskLines } from '../tasks/task-lines.ts'
import { ownTerminal } from '../terminal/terminal.ts'
import { wrapText } from '../text/width.ts'
import type { Settings } from './change-settings.ts'
import type { FinishedRun } from './finished-run.ts'
import { type GuideSession, printLines } from './guide-session.ts'

/**
 * Runs the stages up to this chapter. Each earlier stage gets one line. If a
 * stage takes the terminal, the session belongs to the learner until it ends.
 *
 * @param isBeside - show the session beside its growing wire
 */
export async function runStages<First extends object>(
  session: GuideSession<First>,
  chapter: number,
  settings: Settings,
  place: Place,
  isBeside: boolean,
): Promise<FinishedRun> {
  const { options, scope, page } = session
  const { course, companions, lessons, begin } = options
  const gatherEvidence = watchDaemon(place, lessons)
  const own = ownTerminal()
  const { recorder } = place
  // The in-memory terminal is loaded only when needed.
  const beside = isBeside
    ? loadBeside().openBeside({ own, recorder, scope, style: page.style })
    : undefined
  const observing = beside?.observe ?? ((observer: WalkObserver) => observer)
  let tape: Tape | undefined
  let tapeName: string | undefined
  let hadSession = false
  const walking = walkChapter(
    {
      ...{ course, companions },
      last: chapter,
      first: begin(place, settings),
      terminal: beside?.terminal ?? own,
      usesTitle: options.form === 'menus',
      isInterruptible: true,
    },
    place,
    scope,
    observing({
      stage(record) {
        if (record.number < chapter && !hadSession) printLines(summaryLine(record, page))
      },
      session({ wayOut, tasks }) {
        hadSession = true
        printLines('', ...headingLines('the terminal belongs to the session', page))
        printLines(...taskLines(tasks, page))
        printLines(...wrapText(wayOut, page.width).map((text) => page.style.bold(text)), '')
      },
      sessionEnded(result) {
        printLines('', ...headingLines('the terminal is yours again', page))
        printLines(...sessionLines(result, page, isBeside))
      },
      tape(recorded) {
        tape = recorded
        const file = keepTape(recorded, options.tape, place.engine.host, warn)
        if (options.tape.file === undefined && file !== undefined) tapeName = basename(file)
      },
      tapeSoFar: (recorded) => void keepTape(recorded, options.tape, place.engine.host),
    }),
  )
  const result = await unlessProcessEnds(walking)
  return { result, evidence: await gatherEvidence(result), tape, tapeName, hadSession }
}

/**
 * Runs the same stages again in the background, without a TTY and with
 * another command. Its tape shows what a session with a TTY lacks. It has its
 * own connection and recorder, so it leaves the learner's run and the live
 * page unchanged.
 */
export async function runContrast<First extends object>(
  { options, scope }: GuideSession<First>,
  chapter: number,
  settings: Settings,
  held: Place,
): Promise<FinishedRun> {
  const { course, companions, lessons, begin } = options
  const inner = createScope()
  const holding = scope.hold('second run', inner, inner.releaseAll)
  let tape: Tape | undefined
  try {
    // A practice daemon that is already running is reached by its address.
    const daemon = held.log
      ? { ...options.daemon, practice: false, host: held.engine.host }
      : options.daemon
    const place = await findPlace(
      { ...options, daemon, container: held.container },
      createRecorder(),
      inner,
      { engine() {}, sandbox() {}, warn() {} },
    )
    const gatherEvidence = watchDaemon(place, lessons)
    const { terminal } = createMemoryTerminal({}, { note() {}, bytes() {} })
    const first = begin(place, settings)
    const walk = { course, companions, last: chapter, first, terminal }
    const walking = walkChapter(walk, place, inner, {
      tape(recorded) {
        tape = recorded
      },
    })
    const result = await unlessProcessEnds(walking)
    return { result, evidence: await gatherEvidence(result), tape }
  } finally {
    await holding.release()
  }
}
