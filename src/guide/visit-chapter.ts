/**
 * One visit to a chapter: the story, a run, its pages, and the menu of next
 * steps.
 *
 * @module
 */

import { besideProblem } from '../beside/layout.ts'
import { offerExperiments } from '../experiments/choose-experiment.ts'
import type { LivePage, LiveRuns } from '../live/live-page.ts'
import type { Choice } from '../menus/ask.ts'
import { warn } from '../process/failure.ts'
import type { Lesson } from '../questions/lesson.ts'
import { recordDone } from '../questions/progress.ts'
import { viewNames } from '../runner/views.ts'
import { beforeRun, pictureLines } from '../show/picture.ts'
import type { Page } from '../show/stage-lines.ts'
import { exchangesIn } from '../tape/event.ts'
import { ownTerminal } from '../terminal/terminal.ts'
import { widthOf, wrapText } from '../text/width.ts'
import { changedText, changeSettings, type Settings } from './change-settings.ts'
import { openPage, roomOnPage, showInPages } from './chapter-page.ts'
import { showEnd } from './end-pages.ts'
import { offerExercises } from './exercises.ts'
import { compareRuns, type FinishedRun, failureLines, inspectRun } from './finished-run.ts'
import { type GuideSession, printLines } from './guide-session.ts'
import { type HeldPlace, holdPlace, renewPlace } from './held-place.ts'
import { runContrast, runStages } from './run-stages.ts'
import { showRun, titleOf } from './show-run.ts'

/**
 * Where to go after a chapter, and the settings to keep. Undefined leaves the
 * guide.
 */
export type Destination = {
  readonly to: number | 'menu' | undefined
  readonly settings: Settings
}

/** The current state of a visit. */
type ChapterVisit = {
  readonly chapter: number
  settings: Settings
  held: HeldPlace
  /** The latest run. */
  run: FinishedRun | undefined
  /** Whether sessions are shown beside their wire. */
  isBeside: boolean
}

/** What the learner can do without leaving the chapter. */
type Activity = 'inspect' | 'run again' | 'change' | 'reset' | 'experiment' | 'exercise' | 'live'
type Action = Activity | 'next' | 'menu' | 'leave'

/** Guides the learner through one chapter, with any number of runs. */
export async function visitChapter<First extends object>(
  session: GuideSession<First>,
  chapter: number,
  settings: Settings,
): Promise<Destination> {
  const { ask } = session
  await showStory(session, chapter, settings)
  const held = await holdPlace(session, settings.container)
  const visit: ChapterVisit = {
    ...{ chapter, settings, held, run: undefined },
    isBeside: session.options.beside ?? false,
  }
  if (session.options.live) await openLive(session, visit)
  let action: Action = await startRun(session, visit)
  while (action !== 'next' && action !== 'menu' && action !== 'leave') {
    await carryOut(session, visit, action)
    const choices = choicesFor(session, visit)
    const above = openMenu(session, visit, choices.length + menuRows)
    action = await ask.choose('What next?', choices, suggestion(session, visit), above)
  }
  await visit.held.release()
  const to = { next: chapter + 1, menu: 'menu' as const, leave: undefined }[action]
  return { to, settings: visit.settings }
}

/**
 * The rows of the menu other than its choices: the question, the keys and a
 * hint.
 */
const menuRows = 5

/**
 * Opens the page of the menu. It says why the run stopped, or what the next
 * chapter adds.
 *
 * @param rows - the rows that the menu takes
 * @returns the rows above the menu
 */
function openMenu<First extends object>(
  session: GuideSession<First>,
  { chapter, settings, run }: ChapterVisit,
  rows: number,
): number {
  const { options, page } = session
  const changed = changedText(settings, options.settings)
  const { missing } = labelsFor(options.lessons[chapter - 1], settings) ?? {}
  // After an error response or with --detach, something else is missing.
  const isMissing = missing !== undefined && hasRunWithSettings(run, chapter)
  const live = session.live ? liveLines(session.live, run, page) : []
  const room = roomOnPage(session, changed, rows) - rowsIn(live, page.width)
  const why = isMissing ? wrapText(missing, page.width) : []
  const words = run?.result.failure ? failureLines(run, page, room) : why
  // In a low window, keep the address and drop the text.
  const isLow = live.length > 0 && words.length + 1 > room
  const lines = [...(isLow ? [] : words), ...(isLow || live.length === 0 ? [] : ['']), ...live]
  openPage(session, titleOf(session, chapter), changed)
  printLines(...lines)
  return rowsIn(lines, page.width) + (changed === undefined ? 2 : 3)
}

/** Counts rows. An address may be longer than one row. */
function rowsIn(lines: readonly string[], width: number): number {
  return lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / width)), 0)
}

/** Returns the texts of a chapter from before and after its run. */
function labelsFor(
  lesson: Lesson | undefined,
  { tty }: Settings,
): Pick<Lesson, 'story' | 'missing'> | undefined {
  return (tty ? undefined : lesson?.withoutTty) ?? lesson
}

/**
 * Whether the chapter's stage ran, with a session after every start request.
 */
function hasRunWithSettings(run: FinishedRun | undefined, chapter: number): boolean {
  if (!run) return true
  const starts = exchangesIn(run.result.stages.flatMap(({ wire }) => wire)).filter(({ request }) =>
    request.path.endsWith('/start'),
  )
  const hasSessions = starts.every(({ answer }) => answer?.status === 101)
  return hasSessions && run.result.stages.some(({ number }) => number === chapter)
}

/**
 * Waits below the story for the key that runs the chapter in one of three
 * ways.
 */
async function startRun<First extends object>(
  session: GuideSession<First>,
  visit: ChapterVisit,
): Promise<'run again' | 'menu'> {
  const { ask, options } = session
  const hasSession = options.companions[visit.chapter - 1]?.wayOut !== undefined
  const canBeBeside = hasSession && besideProblem(ownTerminal(), process.env) === undefined
  let isLive = options.live
  for (;;) {
    printLines('')
    const key = await ask.key('', [
      { value: 'run' as const, label: 'run it' },
      ...(isLive ? [] : [{ value: 'live' as const, label: 'open a live page first', key: 'l' }]),
      ...(canBeBeside
        ? [{ value: 'beside' as const, label: 'show the wire beside it', key: 'b' }]
        : []),
      { value: 'menu' as const, label: 'chapters', back: 'chapters' },
    ])
    if (key === 'menu') return 'menu'
    if (key === 'live') {
      await openLive(session, visit)
      isLive = true
    } else {
      if (key === 'beside') visit.isBeside = true
      return 'run again'
    }
  }
}

/** The rows below a story: the engine, its description and a blank line. */
const engineRows = 7

/**
 * Shows the first page: the story and the connections before the run. In a
 * low window the story gets its own page.
 */
async function showStory<First extends object>(
  session: GuideSession<First>,
  chapter: number,
  settings: Settings,
): Promise<void> {
  const { options, page } = session
  const stage = options.course.stages[chapter - 1]
  const { story = '' } = labelsFor(options.lessons[chapter - 1], settings) ?? {}
  const title = titleOf(session, chapter)
  const changed = changedText(settings, options.settings)
  const question = wrapText(stage?.question ?? '', page.width).map(page.style.bold)
  const words = [...question, '', ...wrapText(story, page.width)]
  const picture = pictureLines(beforeRun(process.stdin.isTTY ? 'terminal' : 'pipes'), page)
  const room = roomOnPage(session, changed)
  const isLow = words.length + 1 + picture.length + engineRows > room
  if (isLow) await showInPages(session, title, changed, words.slice(0, room))
  openPage(session, title, changed)
  const rest = words.slice(isLow ? room : 0)
  printLines(...rest, ...(rest.length > 0 ? [''] : []), ...picture)
}

async function carryOut<First extends object>(
  session: GuideSession<First>,
  visit: ChapterVisit,
  activity: Activity,
): Promise<void> {
  const { chapter, run } = visit
  switch (activity) {
    case 'run again':
      return runAndShow(session, visit)
    case 'change':
      return changeAndRun(session, visit)
    case 'reset':
      return runWith(session, visit, session.options.settings)
    case 'inspect':
      return run && inspectRun(session, chapter, run)
    case 'experiment':
      return experiment(session, visit)
    case 'exercise':
      return offerExercises(session, chapter)
    case 'live':
      return openLive(session, visit)
  }
}

/** Opens the live page for the runs of this visit and prints its address. */
async function openLive<First extends object>(
  session: GuideSession<First>,
  visit: ChapterVisit,
): Promise<void> {
  const { options, page, scope } = session
  const { typed } = options.tape
  // It is large, and needed only here. See examine.ts for require.
  const { openLivePage } = require('../live/live-page.ts') as typeof import('../live/live-page.ts')
  session.live ??= await openLivePage({ ...liveRuns(session, visit), typed }, scope)
  session.live.follow(liveRuns(session, visit))
  printLines('', ...liveLines(session.live, visit.run, page))
}

/**
 * Returns the lines with the address of the live page. The address isn't
 * wrapped, so you can copy it.
 */
function liveLines(
  { url }: LivePage,
  run: FinishedRun | undefined,
  { width, style }: Page,
): string[] {
  const shows = run
    ? 'The page shows this run and follows the next one:'
    : 'The page follows the run:'
  return [
    ...wrapText(`Open this address in a browser on this machine. ${shows}`, width),
    style.bold(url),
  ]
}

/** Returns the runs of this visit for the live page. */
function liveRuns<First extends object>(
  { options }: GuideSession<First>,
  { chapter, held }: ChapterVisit,
): LiveRuns {
  const stages = options.course.stages.slice(0, chapter).map(({ name }) => name)
  return { place: held.place, last: chapter, stages }
}

/** Runs the chapter and presents the run. */
async function runAndShow<First extends object>(
  session: GuideSession<First>,
  visit: ChapterVisit,
): Promise<void> {
  const { options } = session
  const run = await runOnce(session, visit)
  if (run.result.failure) return
  const { chapter, settings } = visit
  const { contrast } = options.lessons[chapter - 1] ?? {}
  const other = contrast &&
    settings.tty && { ...settings, command: contrast.command, tty: false, interactive: false }
  const isComplete = await showRun(session, {
    ...{ chapter, run },
    changed: changedText(settings, options.settings),
    contrast: other ? () => makeContrast(session, visit, other) : undefined,
  })
  if (isComplete && chapter === options.course.stages.length) await showEnd(session, run)
}

/**
 * Makes the second run, even if the first one lost its container or our
 * daemon.
 */
async function makeContrast<First extends object>(
  session: GuideSession<First>,
  visit: ChapterVisit,
  settings: Settings,
): Promise<FinishedRun> {
  visit.held = await renewPlace(session, visit.held)
  return runContrast(session, visit.chapter, settings, visit.held.place)
}

/** Runs the chapter. */
async function runOnce<First extends object>(
  session: GuideSession<First>,
  visit: ChapterVisit,
): Promise<FinishedRun> {
  const { chapter, settings, isBeside } = visit
  visit.held = await renewPlace(session, visit.held)
  const run = await runStages(session, chapter, settings, visit.held.place, isBeside)
  visit.run = run
  recordDone(run.result, chapter, warn)
  return run
}

/** Asks for new settings, runs with them and shows the differences. */
async function changeAndRun<First extends object>(
  session: GuideSession<First>,
  visit: ChapterVisit,
): Promise<void> {
  const { ask, options } = session
  const changed = await changeSettings(ask, visit.settings, options.settings)
  if (changed !== visit.settings) await runWith(session, visit, changed)
}

async function runWith<First extends object>(
  session: GuideSession<First>,
  visit: ChapterVisit,
  settings: Settings,
): Promise<void> {
  const before = visit.run
  visit.settings = settings
  if (settings.container !== visit.held.container) {
    await visit.held.release()
    visit.held = await holdPlace(session, settings.container)
  }
  // Show only the differences. "Run this chapter again" presents the whole
  // run.
  if (!before || before.result.failure) return runAndShow(session, visit)
  const run = await runOnce(session, visit)
  if (!run.result.failure) await compareRuns(session, before, run)
}

/**
 * Offers the chapter's experiments on the daemon and the container of its
 * runs.
 */
async function experiment<First extends object>(
  session: GuideSession<First>,
  visit: ChapterVisit,
): Promise<void> {
  const { options, ask, page, scope } = session
  visit.held = await renewPlace(session, visit.held)
  const { engine, container } = visit.held.place
  const experiments = options.experiments().filter(({ chapter }) => chapter === visit.chapter)
  const { program } = options.daemon
  const changed = changedText(visit.settings, options.settings)
  await offerExperiments({
    ...{ experiments, engine, container, program, scope, ask, page, say: printLines },
    openPage: (title) => openPage(session, title, changed),
    showInPages: (title, lines) => showInPages(session, title, changed, lines),
  })
}

/**
 * Returns what Enter alone chooses. After a failure that is a change of
 * settings, because a wrong name, for example, would stop the next run too.
 * If the learner's own stage failed, it is the exercise.
 */
function suggestion<First extends object>(
  { options }: GuideSession<First>,
  { chapter, run }: ChapterVisit,
): Action {
  const { failure, stages = [] } = run?.result ?? {}
  if (failure && options.course.mine?.chapter === stages.length + 1) return 'exercise'
  if (failure) return 'change'
  return chapter < options.course.stages.length ? 'next' : 'menu'
}

function choicesFor<First extends object>(
  { options, live }: GuideSession<First>,
  { chapter, run, settings }: ChapterVisit,
): Choice<Action>[] {
  const next = options.course.stages[chapter]
  const words = options.course.mine?.chapter === chapter ? `-- ${chapter} --mine` : `${chapter}`
  const views = run?.result.failure ? 'event by event' : viewNames.join(', ')
  const replay = options.tape.keep ? '; npm run replay' : ''
  return [
    ...(next
      ? [{ value: 'next' as const, label: `Go to chapter ${chapter + 1}`, hint: next.name }]
      : []),
    ...(run && (run.result.failure ? run.tape : run.result.stages.length > 0)
      ? [
          {
            value: 'inspect' as const,
            label: 'Inspect this run',
            hint: `${views}${replay}`,
            key: 'v',
          },
        ]
      : []),
    {
      value: 'run again',
      label: 'Run this chapter again',
      key: 'r',
      hint: `npm run chapter ${words}`,
    },
    {
      value: 'change',
      label: 'Change and compare',
      key: 'c',
      hint: 'npm run replay -- --compare OTHER',
    },
    ...(changedText(settings, options.settings) === undefined
      ? []
      : [{ value: 'reset' as const, label: 'Undo all changes', key: 'u' }]),
    {
      value: 'experiment',
      label: 'Run an experiment',
      key: 'x',
      hint: 'npm run chapter -- --experiment list',
    },
    { value: 'exercise', label: 'Do the exercise', key: 'e', hint: `npm run check ${chapter}` },
    {
      value: 'live',
      label: live ? 'Show live page address' : 'Open a live page',
      key: 'l',
      hint: `npm run chapter -- ${chapter} --live`,
    },
    { value: 'menu', label: 'Choose a chapter', back: 'chapters', key: 'm' },
    { value: 'leave', label: 'Leave the workbook' },
  ]
}
