/**
 * Tells a run, a page for each thing that happened in the chapter's stage, with a question right before
 * or right after what answers it.
 *
 * @module
 */

import { chapterTitle } from '../course/stage.ts'
import { warn } from '../process/failure.ts'
import { readProgress } from '../questions/progress.ts'
import { type Question, questionsToAsk } from '../questions/questions.ts'
import type { WalkResult } from '../run/walk-chapter.ts'
import type { ViewName } from '../runner/views.ts'
import { connectionsAt, pictureLines } from '../show/picture.ts'
import { longSessionLines, sceneLines, stateChangeLines } from '../show/scene-lines.ts'
import { type Page, verdictOn } from '../show/stage-lines.ts'
import { type Moment, momentsOf } from '../tape/moments.ts'
import { sceneWords } from '../tape/scene-words.ts'
import { type Scene, type SceneName, scenesOf } from '../tape/scenes.ts'
import { keyLines } from '../terminal/show-keys.ts'
import { wrapText } from '../text/width.ts'
import { askQuestion, rowsOfAnswer, rowsOfQuestion } from './ask-questions.ts'
import { fitLines, openPage, roomOnPage } from './chapter-page.ts'
import { type FinishedRun, inspectRun } from './finished-run.ts'
import { type GuideSession, printLines } from './guide-session.ts'

/** What is told: a run, of this chapter, and with which settings. */
export type ShownRun = {
  readonly chapter: number
  readonly run: FinishedRun
  /** Makes a second run that shows what this one cannot, where there is such a run. */
  readonly contrast: (() => Promise<FinishedRun>) | undefined
  /** What the learner has changed, in words. */
  readonly changed: string | undefined
}

/** A scene, and the run that it is from. */
type ShownScene = {
  readonly scene: Scene
  readonly moments: readonly Moment[]
  readonly result: WalkResult
  /** Said above it. */
  readonly intro: string
  /** Who was connected to whom before it, and after. */
  readonly pictureBefore: readonly string[]
  readonly pictureAfter: readonly string[]
}

/** Questions that are asked one after the other, below the same picture. */
type SceneQuestions = {
  readonly questions: readonly Question[]
  readonly result: WalkResult
  readonly picture: readonly string[]
}

/** Questions of its own that a chapter asks, in both of its runs together. */
const mostQuestions = 3

/** What each scene is headed with. */
const headings: Readonly<Record<SceneName, string>> = {
  'inspect container': 'Is the container there?',
  create: 'Ask for an exec',
  start: 'Ask to start it',
  'start answer': 'The answer to the start',
  hijack: 'Take the connection',
  'raw mode': 'Our terminal stops interpreting',
  keys: 'The keys that you pressed',
  session: 'The session on the wire',
  frames: 'Output in frames',
  'half-close': 'Our input ends',
  end: 'The daemon’s output ends',
  resize: 'The size of the window',
  'exit code': 'Ask for the exit code',
}

/**
 * Tells it, page by page.
 *
 * @returns false where the learner has gone to the menu before its end
 */
export async function showRun<First extends object>(
  session: GuideSession<First>,
  telling: ShownRun,
): Promise<boolean> {
  const { options, page } = session
  const { chapter, run, contrast } = telling
  // What was done in the session is still on the screen.
  if (run.hadSession && !(await keepsGoing(session, telling))) return false
  const questions = questionsToAsk(options, chapter, readProgress(warn), run.result)
  const scenes = withSizeHint(session, scenesToShow(run, chapter, page))
  const [first] = scenes
  const earlier = questions.filter((one) => one.chapter !== chapter)
  const asking = { questions: earlier, result: run.result, picture: first?.pictureBefore ?? [] }
  const last = await askOneByOne(session, telling, asking)
  if (!last || (last.length > 0 && !(await continuedBelow(session, telling, last)))) return false
  if (!(await showScenes(session, telling, scenes, questions))) return false
  if (contrast) {
    const asked = questions.filter((one) => one.chapter === chapter).length
    const second = await contrast()
    const more = mostQuestions - asked
    if (!(await showContrast(session, telling, second, scenes, more))) return false
  }
  return showState(session, telling)
}

/** Tells the scenes of a second run that the first one does not have. */
async function showContrast<First extends object>(
  session: GuideSession<First>,
  telling: ShownRun,
  second: FinishedRun,
  known: readonly ShownScene[],
  mostAsked: number,
): Promise<boolean> {
  const { options, page } = session
  const { chapter } = telling
  const [first, ...rest] = scenesToShow(second, chapter, page).filter(
    ({ scene }) => !known.some((told) => told.scene.name === scene.name),
  )
  if (!first) return true
  const { why = '' } = options.lessons[chapter - 1]?.contrast ?? {}
  const about = questionsToAsk(options, chapter, readProgress(warn), second.result)
    .filter((question) => question.chapter === chapter)
    .slice(0, mostAsked)
  return showScenes(session, telling, [{ ...first, intro: why }, ...rest], about)
}

/** The scenes of the chapter's stage. */
function scenesToShow({ result, tape }: FinishedRun, chapter: number, page: Page): ShownScene[] {
  const picture = (count: number): string[] =>
    pictureLines(connectionsAt(moments.slice(0, count)), page)
  const moments = momentsOf(tape?.events ?? [])
  // In chapter 4 keys are looked at and sent nowhere: no event has them.
  const hasKeys = result.stages.at(-1)?.name === 'raw mode' && (result.keys ?? []).length > 0
  return scenesOf(moments, chapter)
    .flatMap((scene): Scene[] => {
      const isRaw = hasKeys && scene.name === 'raw mode'
      return isRaw ? [scene, { ...scene, name: 'keys' }] : [scene]
    })
    .map((scene) => {
      const from = (scene.moments[0]?.number ?? moments.length) - 1
      const to = scene.moments.at(-1)?.number ?? moments.length
      const pictures = { pictureBefore: picture(from), pictureAfter: picture(to) }
      return { ...{ scene, moments, result, intro: '' }, ...pictures }
    })
}

/** The same scenes. The first picture of a visit says what the size in it means. */
function withSizeHint<First extends object>(
  session: GuideSession<First>,
  scenes: readonly ShownScene[],
): readonly ShownScene[] {
  const [first, ...others] = scenes
  const [size, rows, columns] = /(\d+)x(\d+)/.exec(first?.pictureBefore.join(' ') ?? '') ?? []
  if (!first || size === undefined || session.hasShownSizeHint) return scenes
  session.hasShownSizeHint = true
  const words = wrapText(
    `${size}: your window has ${rows} rows and ${columns} columns.`,
    session.page.width,
  )
  return [{ ...first, pictureBefore: [...first.pictureBefore, '', ...words] }, ...others]
}

async function showScenes<First extends object>(
  session: GuideSession<First>,
  telling: ShownRun,
  scenes: readonly ShownScene[],
  questions: readonly Question[],
): Promise<boolean> {
  for (const told of scenes) {
    const about = questions.filter(
      ({ chapter, prediction }) =>
        chapter === telling.chapter && prediction.scene === told.scene.name,
    )
    if (!(await showScene(session, telling, told, about))) return false
  }
  return true
}

async function showScene<First extends object>(
  session: GuideSession<First>,
  telling: ShownRun,
  told: ShownScene,
  questions: readonly Question[],
): Promise<boolean> {
  const { scene, result, pictureBefore, pictureAfter } = told
  const asked = (when: Question['prediction']['asked']): Question[] =>
    questions.filter(({ prediction }) => prediction.asked === when)
  const [early, after] = [asked('before'), asked('after')]
  const view = viewOf(scene.name)
  let verdict = await askOneByOne(session, telling, {
    ...{ questions: early, result, picture: pictureBefore },
  })
  if (!verdict) return false
  const least = [...linesAbove(session, told, verdict), ...linesIn(session, told, 0)]
  // In a low window the answer stays with its question.
  if (verdict.length > 0 && least.length > roomOnPage(session, telling.changed)) {
    if (!(await continuedBelow(session, telling, verdict, view))) return false
    verdict = []
  }
  const [first, ...others] = after
  const rows = first
    ? Math.max(rowsOfQuestion(session, first), rowsOfAnswer(session, first, result))
    : 0
  const whole = scenePage(session, telling, told, verdict, rows)
  showPage(session, telling, whole ?? scenePage(session, telling, told, verdict) ?? [])
  let waiting = after
  // In a low window the question gets a page of its own.
  if (first && whole) {
    waiting = others
    printLines('', ...(await askQuestion(session, telling.chapter, first, result)))
  }
  if (!(await keepsGoing(session, telling, view))) return false
  const last = await askOneByOne(session, telling, {
    ...{ questions: waiting, result, picture: pictureAfter },
  })
  return last !== undefined && (last.length === 0 || continuedBelow(session, telling, last, view))
}

/**
 * A scene with its picture, and with room for a question below it. The bytes are shortened for that, and
 * cut where there is no question; undefined where there is one, and something would be cut.
 */
function scenePage<First extends object>(
  session: GuideSession<First>,
  { changed }: ShownRun,
  told: ShownScene,
  verdict: readonly string[],
  questionRows?: number,
): string[] | undefined {
  const { scene, pictureAfter } = told
  const { page } = session
  const words = linesAbove(session, told, verdict)
  const all = roomOnPage(session, changed, questionRows)
  const withPicture = [...pictureAfter, '', ...words]
  const lines = linesIn(session, told, all - withPicture.length)
  if (withPicture.length + lines.length <= all) return [...withPicture, ...lines]
  if (questionRows !== undefined) return undefined
  const above = all - withPicture.length < leastLines ? words : withPicture
  const room = Math.max(4, all - above.length)
  const rest = linesIn(session, told, room)
  const isLong = scene.name === 'session' && rest.length > room
  return [...above, ...(isLong ? longSessionLines(scene, page, room) : fitLines(rest, room))]
}

/** What happened, with its bytes: all of it, or less where there is less room. */
function linesIn<First extends object>(
  { page }: GuideSession<First>,
  { scene, moments, result }: ShownScene,
  room: number,
): string[] {
  return scene.name === 'keys'
    ? (result.keys ?? []).flatMap(keyLines).map((line) => `  ${line}`)
    : sceneLines(scene, moments, page, room)
}

/** What stands above the bytes of a scene: the answer to the question before, and the narration. */
function linesAbove<First extends object>(
  { page }: GuideSession<First>,
  { scene, intro }: ShownScene,
  verdict: readonly string[],
): string[] {
  const isLeftAlone =
    scene.name === 'raw mode' && !scene.moments.some(({ event }) => event.kind === 'terminal')
  return [
    ...(verdict.length === 0 ? [] : [...verdict, '']),
    ...(intro === '' ? [] : [...wrapText(intro, page.width), '']),
    page.style.bold(isLeftAlone ? 'Our terminal stays as it is' : headings[scene.name]),
    ...wrapText(sceneWords(scene), page.width).filter((line) => line !== ''),
  ]
}

/** So many lines of a scene have room below the picture, or there is no picture. */
const leastLines = 8

/**
 * Asks each question on a page of its own. The answer to one stands above the next.
 *
 * @returns the lines of the last verdict, none without a question; undefined for the menu
 */
async function askOneByOne<First extends object>(
  session: GuideSession<First>,
  telling: ShownRun,
  { questions, result, picture }: SceneQuestions,
): Promise<readonly string[] | undefined> {
  let verdict: readonly string[] = []
  for (const question of questions) {
    const room = roomOnPage(session, telling.changed, rowsOfQuestion(session, question))
    if (verdict.length > room) {
      if (!(await continuedBelow(session, telling, verdict))) return undefined
      verdict = []
    }
    const above = verdict.length > 0 ? [...verdict, ''] : []
    showPage(
      session,
      telling,
      above.length + picture.length > room ? above : [...above, ...picture],
    )
    verdict = await askQuestion(session, telling.chapter, question, result)
  }
  return verdict
}

/** Shows the verdict below its question, and waits for a key. */
async function continuedBelow<First extends object>(
  session: GuideSession<First>,
  telling: ShownRun,
  verdict: readonly string[],
  view?: ViewName,
): Promise<boolean> {
  printLines('', ...verdict)
  return keepsGoing(session, telling, view)
}

/** The view that has everything that a scene is about. */
function viewOf(scene: SceneName): ViewName {
  return scene === 'raw mode' || scene === 'keys' ? 'terminal' : 'wire'
}

function showPage<First extends object>(
  session: GuideSession<First>,
  { chapter, changed }: ShownRun,
  lines: readonly string[],
): void {
  openPage(session, titleOf(session, chapter), changed)
  printLines(...lines)
}

/** The last page: what the stage needed, and what it added. */
async function showState<First extends object>(
  session: GuideSession<First>,
  telling: ShownRun,
): Promise<boolean> {
  const { options, page } = session
  const { chapter, run, changed } = telling
  const stage = run.result.stages.find(({ number }) => number === chapter)
  openPage(session, titleOf(session, chapter), changed)
  if (!stage) {
    const last = run.result.stages.at(-1)
    printLines(
      ...wrapText(`The run was over after chapter ${last?.number}, ${last?.name}.`, page.width),
    )
    printLines(...wrapText(last?.story ?? '', page.width))
    return keepsGoing(session, telling)
  }
  const needs = options.companions[chapter - 1]?.needs ?? Object.keys(stage.before)
  printLines(...wrapText(stage.story, page.width), '')
  printLines(...stateChangeLines(stage, needs, page))
  const { terminal } = run.result
  if (terminal?.during) printLines('', verdictOn(terminal))
  return keepsGoing(session, telling)
}

/** `Chapter 4 of 7: raw mode` */
export function titleOf<First extends object>(
  { options }: GuideSession<First>,
  chapter: number,
): string {
  return chapterTitle(options.course, chapter)
}

/**
 * Waits for a key below a page: on, a look at the whole run, or the menu.
 *
 * @param view - the view that the look at the run begins with
 */
async function keepsGoing<First extends object>(
  session: GuideSession<First>,
  { chapter, run }: ShownRun,
  view: ViewName = 'state',
): Promise<boolean> {
  printLines('')
  for (;;) {
    const key = await session.ask.key('', [
      { value: 'on' as const, label: 'go on' },
      { value: 'inspect' as const, label: 'inspect this run', key: 'v' },
      { value: 'menu' as const, label: 'menu', back: 'menu' },
    ])
    if (key === 'on') return true
    if (key === 'menu') return false
    // The viewer has a screen of its own: behind it the page is as it was.
    await inspectRun(session, chapter, run, view)
  }
}
