/**
 * Leads a learner through the chapters: a question, a guess, the run, what happened, and what to do
 * with it.
 *
 * @module
 */

import { basename } from 'node:path'
import { createScope, type Scope } from '../course/scope.ts'
import type { Walkable } from '../course/stage.ts'
import type { AnyExperiment } from '../experiments/experiment.ts'
import { breakSomething } from '../experiments/run-experiment.ts'
import { findPlace, type Place, type PlaceOptions } from '../find/place.ts'
import { isStillRunning } from '../find/sandbox.ts'
import { type Ask, askIn, type Choice } from '../menus/ask.ts'
import type { Form } from '../menus/form.ts'
import { viewPages } from '../menus/viewer.ts'
import { unlessEnded } from '../process/ending.ts'
import { Failure } from '../process/failure.ts'
import type { Lesson } from '../questions/lesson.ts'
import { type Guess, judge, verdictLine } from '../questions/prediction.ts'
import { changeProgress, readProgress } from '../questions/progress.ts'
import { questionsToAsk, rememberVerdict } from '../questions/questions.ts'
import type { AnyCompanion } from '../run/companion.ts'
import { openRunScope } from '../run/run-scope.ts'
import { type WalkResult, walkChapter } from '../run/walk-chapter.ts'
import { type Evidence, watchDaemon } from '../runner/evidence.ts'
import { engineLines, sandboxLines } from '../runner/run.ts'
import { pagesOf, viewNames } from '../runner/views.ts'
import {
  headingLines,
  livePage,
  type Page,
  stateInLines,
  summaryLine,
  terminalLines,
} from '../show/report.ts'
import type { Tape } from '../tape/event.ts'
import { keepTape, type TapeChoice } from '../tape/keep.ts'
import type { StageRecord } from '../tape/moments.ts'
import { createRecorder } from '../tape/recorder.ts'
import { ownTerminal } from '../terminal/terminal.ts'
import { padText, wrapText } from '../text/width.ts'
import { changeSettings, type Settings } from './change-settings.ts'
import { comparedLines } from './compare.ts'
import { runCommand, type WorkbookCommand } from './run-command.ts'

/** An exercise of a chapter, with what can be done with it. */
export type Task = {
  /** `take the connection away from HTTP` */
  readonly title: string
  /** Each a label and the command behind it. */
  readonly actions: readonly { readonly label: string; readonly command: WorkbookCommand }[]
}

/** What to lead through. */
export type Tour<First extends object> = Omit<PlaceOptions, 'container'> & {
  readonly companions: readonly AnyCompanion[]
  readonly course: Walkable<First>
  /** One for each stage of the course. */
  readonly lessons: readonly Lesson[]
  /** The exercises of each chapter. */
  readonly tasks: readonly (readonly Task[])[]
  /** Loads all that there is to break, of every chapter. */
  readonly experiments: () => readonly AnyExperiment[]
  /** The chapter to begin with, or undefined for a menu of all. */
  readonly chapter: number | undefined
  readonly settings: Settings
  /** Makes the state that the course begins with. */
  readonly begin: (container: string, settings: Settings) => First
  readonly form: Exclude<Form, 'plain'>
  readonly tape: TapeChoice
}

/** What stays the same while somebody goes from chapter to chapter. */
type Room<First extends object> = {
  readonly tour: Tour<First>
  readonly ask: Ask
  readonly scope: Scope
  readonly page: Page
}

/** A run that has been made. */
type Made = {
  readonly findings: WalkResult
  readonly evidence: Evidence
  readonly tape: Tape | undefined
  /** The name of the tape's file, where it was kept. */
  readonly tapeName: string | undefined
}

/** Lines of a comparison that are shown at once. Two screens of them are as much as anybody reads. */
const mostCompared = 40

const say = (...lines: readonly string[]): void => {
  for (const line of lines) process.stdout.write(`${line}\n`)
}
const warn = (line: string): void => void process.stderr.write(`${line}\n`)

/**
 * Leads until the learner leaves.
 *
 * @returns the exit code: 0
 * @throws a {@link Failure} with exit code 130 on Ctrl-C
 */
export async function guide<First extends object>(tour: Tour<First>): Promise<number> {
  const scope = openRunScope()
  const room: Room<First> = {
    tour,
    ask: askIn(tour.form),
    scope,
    page: livePage(),
  }
  try {
    let chapter = tour.chapter ?? (await chooseChapter(room))
    let settings = tour.settings
    while (chapter !== undefined) {
      const next = await visit(room, chapter, settings)
      settings = next.settings
      chapter = next.to === 'menu' ? await chooseChapter(room) : next.to
    }
  } finally {
    await scope.releaseAll()
  }
  say(...wrapText('Everything was given back. To come back: npm run chapter', room.page.width))
  return 0
}

/** The menu of all chapters. What has been done is marked, and the next one is preselected. */
async function chooseChapter<First extends object>({
  tour: { course, form },
  ask,
  page,
}: Room<First>): Promise<number | undefined> {
  const { chapters } = readProgress(warn)
  const isDone = (name: string): boolean => chapters[name]?.doneAt !== undefined
  const next = course.stages.findIndex(({ name }) => !isDone(name)) + 1
  say(...wrapText('How docker exec -it works, in seven chapters', page.width).map(page.style.bold))
  const choices: Choice<number | undefined>[] = course.stages.map(({ name, question }, at) => ({
    value: at + 1,
    // Choices that have numbers of their own need no second one.
    label: [form === 'menus' ? at + 1 : '', padText(name, 11), isDone(name) ? 'done' : '']
      .join(' ')
      .trim(),
    hint: question,
    key: `${at + 1}`,
  }))
  const leave = { value: undefined, label: 'Leave', back: 'leave' }
  return ask.choose('Which chapter?', [...choices, leave], next || 1)
}

/** Where to go from a chapter. */
type Next = { readonly to: number | 'menu' | undefined; readonly settings: Settings }

/** One chapter: as many runs as the learner wants. */
async function visit<First extends object>(
  room: Room<First>,
  chapter: number,
  first: Settings,
): Promise<Next> {
  const { tour, ask, page } = room
  const stage = tour.course.stages[chapter - 1]
  say(
    '',
    ...headingLines(`Chapter ${chapter} of ${tour.course.stages.length}: ${stage?.name}`, page),
  )
  say(...wrapText(stage?.question ?? '', page.width))

  let settings = first
  let place = await findTourPlace(room, settings.container)
  let guesses = await askPredictions(room, chapter, settings, false)
  let made: Made | undefined
  let todo: Todo = 'again'
  for (;;) {
    if (todo === 'again') {
      place = await placeNow(room, place)
      const before: Made | undefined = made
      made = await makeRun(room, chapter, settings, place.place, !made)
      tell(room, chapter, made, guesses)
      // A guess is judged once, by the run that followed it.
      guesses = []
      if (before) compare(before, made, page)
    } else if (todo === 'look' && made) {
      await look(room, made, chapter)
    } else if (todo === 'break') {
      place = await placeNow(room, place)
      await breakIt(room, chapter, place.place)
    } else if (todo === 'write') {
      await writeIt(room, chapter)
    } else if (todo === 'guess') {
      guesses = await askPredictions(room, chapter, settings, true)
      todo = 'again'
      continue
    } else if (todo === 'change') {
      const changed = await changeSettings(ask, settings)
      if (changed !== settings) {
        settings = changed
        if (settings.container !== place.container) {
          await place.leave()
          place = await findTourPlace(room, settings.container)
        }
        todo = 'again'
        continue
      }
    } else {
      await place.leave()
      if (todo === 'next') return { to: chapter + 1, settings }
      return { to: todo === 'menu' ? 'menu' : undefined, settings }
    }
    todo = await ask.choose('And now?', todos(room, chapter, made), suggested(room, chapter, made))
  }
}

type Todo = 'look' | 'next' | 'again' | 'guess' | 'change' | 'break' | 'write' | 'menu' | 'leave'

/** What Enter alone means. What stopped a run, a wrong name perhaps, would stop the next one too. */
function suggested<First extends object>(
  { tour }: Room<First>,
  chapter: number,
  made: Made | undefined,
): Todo {
  if (made?.findings.failure) return 'change'
  return chapter < tour.course.stages.length ? 'next' : 'look'
}

function todos<First extends object>(
  { tour }: Room<First>,
  chapter: number,
  made: Made | undefined,
): Choice<Todo>[] {
  const next = tour.course.stages[chapter]
  return [
    ...(next
      ? [{ value: 'next' as const, label: `Next: chapter ${chapter + 1}, ${next.name}` }]
      : []),
    ...(made && made.findings.stages.length > 0
      ? [
          {
            value: 'look' as const,
            label: 'Look at it',
            hint: `${viewNames.join(', ')}${tour.tape.keep ? '; npm run replay' : ''}`,
          },
        ]
      : []),
    { value: 'again', label: 'Again' },
    {
      value: 'guess',
      label: 'Guess, and again',
      hint: `npm run chapter -- ${chapter} --questions`,
    },
    { value: 'change', label: 'Change something', hint: 'and compare the two runs' },
    { value: 'break', label: 'Break it', hint: 'npm run chapter -- --experiment list' },
    { value: 'write', label: 'Write it yourself', hint: `npm run check ${chapter}` },
    { value: 'menu', label: 'All chapters', back: 'all chapters' },
    { value: 'leave', label: 'Leave' },
  ]
}

/** A place of the tour, and how to leave it. */
type TourPlace = {
  readonly place: Place
  readonly container: string | undefined
  readonly leave: () => Promise<void>
}

/** Finds the daemon and the container. The line says that it goes on, however long it takes. */
async function findTourPlace<First extends object>(
  { tour, scope, page }: Room<First>,
  container: string | undefined,
): Promise<TourPlace> {
  say('', 'Looking for an engine ...')
  const inner = createScope()
  const held = scope.hold('place', inner, inner.releaseAll)
  const finding = findPlace({ ...tour, container }, createRecorder(), inner, {
    engine: (found) => say(...engineLines(found, page)),
    sandbox: (name, image) => say(...sandboxLines(name, image, page)),
    warn,
  })
  const place = await unlessEnded(finding)
  return { place, container, leave: held.release }
}

/** The same place, or where somebody has removed our own container meanwhile, a new one. */
async function placeNow<First extends object>(
  room: Room<First>,
  place: TourPlace,
): Promise<TourPlace> {
  const { engine, container, isSandbox } = place.place
  if (!isSandbox || (await isStillRunning(engine, container))) return place
  say('', ...wrapText(`${container} is gone: we make another one.`, room.page.width))
  await place.leave()
  return findTourPlace(room, place.container)
}

/** Runs the stages up to this one. Those before it are told in one line each. */
async function makeRun<First extends object>(
  { tour, scope, page }: Room<First>,
  chapter: number,
  settings: Settings,
  place: Place,
  isFirst: boolean,
): Promise<Made> {
  const gather = watchDaemon(place, tour.lessons)
  let live = false
  let tape: Tape | undefined
  let tapeName: string | undefined
  const line = (report: StageRecord): void => {
    if (report.number < chapter) say(summaryLine(report, page))
  }
  say('')
  const walking = walkChapter(
    {
      course: tour.course,
      companions: tour.companions,
      last: chapter,
      first: tour.begin(place.container, settings),
      terminal: ownTerminal(),
    },
    place,
    scope,
    {
      stage: line,
      goesIn(state) {
        if (isFirst) say('', ...stateInLines(state, page))
      },
      session(wayOut) {
        live = true
        say('', ...headingLines('the terminal belongs to the session', page))
        say(...wrapText(wayOut, page.width).map((text) => page.style.bold(text)), '')
      },
      tape(recorded) {
        tape = recorded
        const file = keepTape(recorded, tour.tape, place.engine.host, warn)
        if (tour.tape.file === undefined && file !== undefined) tapeName = basename(file)
      },
      tapeMeanwhile: (recorded) => void keepTape(recorded, tour.tape, place.engine.host),
    },
  )
  const findings = await unlessEnded(walking)
  if (live) say('', ...headingLines('the terminal is yours again', page))
  return { findings, evidence: await gather(findings), tape, tapeName }
}

/** What happened, whether the terminal is whole, and what became of the guesses. */
function tell<First extends object>(
  { tour, page }: Room<First>,
  chapter: number,
  { findings }: Made,
  guesses: readonly Guess[],
): void {
  const report = findings.stages.find(({ number }) => number === chapter)
  if (report) {
    say('', page.style.bold('What happened'))
    say(...wrapText(report.story, page.width))
  } else if (findings.stages.length > 0 && !findings.failure) {
    say('', ...wrapText(findings.stages.at(-1)?.story ?? '', page.width))
  }
  const { terminal, failure } = findings
  if (failure) {
    say('', page.style.bold('It did not come to its end'), ...wrapText(failure.message, page.width))
    if (failure.hint) say(...wrapText(failure.hint, page.width))
  }
  if (terminal) say(...terminalLines(terminal, page).slice(-1))
  for (const guess of guesses) {
    const verdict = judge(guess, findings)
    say('', ...wrapText(verdictLine(verdict, findings), page.width))
    rememberVerdict(tour, chapter, verdict, warn)
  }
  if (report && !failure) {
    changeProgress(
      report.name,
      (kept) => ({ ...kept, doneAt: kept.doneAt ?? new Date().toISOString() }),
      warn,
    )
  }
  say('')
}

/**
 * Asks what this chapter asks, and what was guessed wrong two chapters ago. It is asked before anything
 * is sent: a question that is asked while a stage is held up would change what the next one sees.
 */
async function askPredictions<First extends object>(
  { tour, ask, page }: Room<First>,
  chapter: number,
  { tty }: Settings,
  all: boolean,
): Promise<Guess[]> {
  const asked = questionsToAsk(tour, chapter, readProgress(warn), { tty, all })
  const guesses: Guess[] = []
  if (asked.length > 0) say('', page.style.bold('Before it runs: what do you expect?'))
  for (const [at, { prediction, chapter: owner }] of asked.entries()) {
    const from = owner === chapter ? '' : `Chapter ${owner} once more. `
    const choices = prediction.choices.map((value) => ({ value, label: value }))
    const choice = await ask.choose<string | undefined | typeof askNoMore>(
      `${at + 1} of ${asked.length}. ${from}${prediction.question}`,
      [
        ...choices,
        { value: undefined, label: 'I would rather see' },
        { value: askNoMore, label: 's: no more questions, run it', key: 's', back: 'run it' },
      ],
    )
    if (choice === askNoMore) break
    if (choice !== undefined) guesses.push({ prediction, choice })
  }
  return guesses
}

const askNoMore = Symbol('ask no more')

/** Looks at a run: on a screen of its own, or appended where nothing may be redrawn. */
async function look<First extends object>(
  { tour, ask, page, scope }: Room<First>,
  { evidence }: Made,
  chapter: number,
): Promise<void> {
  const pages = pagesOf(evidence, page.style)
  const first = Math.min(chapter, pages.length) - 1
  if (tour.form === 'menus') {
    await viewPages(pages, first, page.style, scope)
    return
  }
  for (;;) {
    const views = pages[first]?.views ?? []
    const choices = views.map((view) => ({ value: view, label: view.name }))
    const view = await ask.choose('Look at what?', [
      ...choices,
      { value: undefined, label: 'Back', back: 'back' },
    ])
    if (!view) return
    say('', ...view.lines(page.width), '')
  }
}

/** The experiments of a chapter, at the place where the chapter ran. */
async function breakIt<First extends object>(
  { tour, ask, page, scope }: Room<First>,
  chapter: number,
  { engine, container }: Place,
): Promise<void> {
  const experiments = tour.experiments().filter((experiment) => experiment.chapter === chapter)
  const { program } = tour.daemon
  await breakSomething({ ...{ experiments, engine, container, program }, scope, ask, page, say })
}

/** The exercises of a chapter. Whatever is chosen is a command, and is shown as one. */
async function writeIt<First extends object>(
  { tour, ask, scope, page }: Room<First>,
  chapter: number,
): Promise<void> {
  const tasks = tour.tasks[chapter - 1] ?? []
  const choices = tasks.map((value) => ({ value, label: value.title }))
  const back = { value: undefined, label: 'Back', back: 'back' }
  const task = tasks.length === 1 ? tasks[0] : await ask.choose('Which one?', [...choices, back])
  while (task) {
    const actions = task.actions.map((value) => ({
      value,
      label: value.label,
      hint: value.command.typed,
    }))
    const action = await ask.choose(`Write it yourself: ${task.title}`, [...actions, back])
    if (!action) return
    say('', page.style.dim(`$ ${action.command.typed}`))
    await runCommand(action.command, scope)
    say('')
  }
}

/** What is different between two runs of the same chapter. */
function compare(before: Made, after: Made, page: Page): void {
  if (!before.tape || !after.tape) return
  say(page.style.bold('This run beside the one before'))
  try {
    const lines = comparedLines(before.tape, after.tape, ['the run before', 'this run'], page)
    const hidden = lines.length - mostCompared
    say(...lines.slice(0, mostCompared))
    if (hidden > 0) say(...wrapText(hiddenText(hidden, before.tapeName), page.width))
    say('')
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    say(...wrapText(error.message, page.width))
  }
}

/** How many lines are not shown, and the command that shows them. */
function hiddenText(hidden: number, other: string | undefined): string {
  const all = other === undefined ? '' : ` All of them: npm run replay -- --compare ${other}`
  return `… and ${hidden} lines more.${all}`
}
