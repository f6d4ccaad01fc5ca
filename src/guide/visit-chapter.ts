/**
 * One visit to a chapter: the questions, a run, and the menu of what to do with it.
 *
 * @module
 */

import { offerExperiments } from '../experiments/choose-experiment.ts'
import type { Choice } from '../menus/ask.ts'
import type { Guess } from '../questions/prediction.ts'
import { viewNames } from '../runner/views.ts'
import { headingLines } from '../show/stage-lines.ts'
import { wrapText } from '../text/width.ts'
import { askPredictions } from './ask-predictions.ts'
import { changeSettings, type Settings } from './change-settings.ts'
import { offerExercises } from './exercises.ts'
import { compareRuns, type FinishedRun, inspectRun, reportRun } from './finished-run.ts'
import { type GuideSession, say } from './guide-session.ts'
import { type HeldPlace, holdPlace, renewPlace } from './held-place.ts'
import { runStages } from './run-stages.ts'

/** Where to go after a chapter, and the settings to take along. Undefined leaves the guide. */
export type Destination = {
  readonly to: number | 'menu' | undefined
  readonly settings: Settings
}

/** What a visit has come to so far. */
type Visit = {
  readonly chapter: number
  settings: Settings
  held: HeldPlace
  /** The guesses that the next run will answer. */
  guesses: readonly Guess[]
  /** The latest run. */
  run: FinishedRun | undefined
}

/** What the learner does without leaving the chapter. */
type Activity = 'inspect' | 'run again' | 'guess' | 'change' | 'experiment' | 'exercise'
type Action = Activity | 'next' | 'menu' | 'leave'

/** Leads through one chapter, with as many runs as the learner wants. */
export async function visitChapter<First extends object>(
  session: GuideSession<First>,
  chapter: number,
  settings: Settings,
): Promise<Destination> {
  const { course } = session.options
  const { page, ask } = session
  const stage = course.stages[chapter - 1]
  say('', ...headingLines(`Chapter ${chapter} of ${course.stages.length}: ${stage?.name}`, page))
  say(...wrapText(stage?.question ?? '', page.width))

  const held = await holdPlace(session, settings.container)
  const guesses = await askPredictions(session, chapter, settings, false)
  const visit: Visit = { chapter, settings, held, guesses, run: undefined }
  let action: Action = 'run again'
  while (action !== 'next' && action !== 'menu' && action !== 'leave') {
    await carryOut(session, visit, action)
    action = await ask.choose('And now?', choicesFor(session, visit), suggestion(session, visit))
  }
  await visit.held.leave()
  const to = { next: chapter + 1, menu: 'menu' as const, leave: undefined }[action]
  return { to, settings: visit.settings }
}

async function carryOut<First extends object>(
  session: GuideSession<First>,
  visit: Visit,
  activity: Activity,
): Promise<void> {
  const { chapter, settings, run } = visit
  switch (activity) {
    case 'run again':
      return runAndReport(session, visit)
    case 'guess':
      visit.guesses = await askPredictions(session, chapter, settings, true)
      return runAndReport(session, visit)
    case 'change':
      return changeAndRun(session, visit)
    case 'inspect':
      return run && inspectRun(session, chapter, run)
    case 'experiment':
      return experiment(session, visit)
    case 'exercise':
      return offerExercises(session, chapter)
  }
}

/** Runs the chapter, reports the run, and compares it with the one before. */
async function runAndReport<First extends object>(
  session: GuideSession<First>,
  visit: Visit,
): Promise<void> {
  const { chapter, settings, guesses, run: before } = visit
  visit.held = await renewPlace(session, visit.held)
  const run = await runStages(session, chapter, settings, visit.held.place, !before)
  visit.run = run
  // A guess is judged once, by the run that follows it.
  visit.guesses = []
  reportRun(session, chapter, run, guesses)
  if (before) await compareRuns(session, before, run)
}

/** Asks for other settings, and runs with them if there are any. */
async function changeAndRun<First extends object>(
  session: GuideSession<First>,
  visit: Visit,
): Promise<void> {
  const { ask, options, page } = session
  const complain = (sentence: string): void => say('', ...wrapText(sentence, page.width))
  const changed = await changeSettings(ask, visit.settings, options.settings, complain)
  if (changed === visit.settings) return
  visit.settings = changed
  if (changed.container !== visit.held.container) {
    await visit.held.leave()
    visit.held = await holdPlace(session, changed.container)
  }
  await runAndReport(session, visit)
}

/** Offers the experiments of the chapter, on the daemon and the container of its runs. */
async function experiment<First extends object>(
  session: GuideSession<First>,
  visit: Visit,
): Promise<void> {
  const { options, ask, page, scope } = session
  visit.held = await renewPlace(session, visit.held)
  const { engine, container } = visit.held.place
  const experiments = options.experiments().filter(({ chapter }) => chapter === visit.chapter)
  const { program } = options.daemon
  await offerExperiments({ ...{ experiments, engine, container, program }, scope, ask, page, say })
}

/**
 * What Enter alone chooses. After a failure it is a change of the settings: the cause, a wrong name
 * perhaps, would stop the next run too.
 */
function suggestion<First extends object>(
  { options }: GuideSession<First>,
  { chapter, run }: Visit,
): Action {
  if (run?.result.failure) return 'change'
  return chapter < options.course.stages.length ? 'next' : 'inspect'
}

function choicesFor<First extends object>(
  { options }: GuideSession<First>,
  { chapter, run }: Visit,
): Choice<Action>[] {
  const next = options.course.stages[chapter]
  const replay = options.tape.keep ? '; npm run replay' : ''
  const choices: Choice<Action>[] = [
    { value: 'run again', label: 'Again' },
    {
      value: 'guess',
      label: 'Guess, and again',
      hint: `npm run chapter -- ${chapter} --questions`,
    },
    { value: 'change', label: 'Change something', hint: 'and compare the two runs' },
    { value: 'experiment', label: 'Break it', hint: 'npm run chapter -- --experiment list' },
    { value: 'exercise', label: 'Write it yourself', hint: `npm run check ${chapter}` },
    { value: 'menu', label: 'All chapters', back: 'all chapters' },
    { value: 'leave', label: 'Leave' },
  ]
  if (run && run.result.stages.length > 0) {
    const hint = `${viewNames.join(', ')}${replay}`
    choices.unshift({ value: 'inspect', label: 'Look at it', hint })
  }
  if (next) {
    choices.unshift({ value: 'next', label: `Next: chapter ${chapter + 1}, ${next.name}` })
  }
  return choices
}
