/**
 * Presents a run, one page for each scene of the chapter's stage, with
 * questions right before or after the scene that answers them.
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

/** The run to present, its chapter and its settings. */
export type ShownRun = {
  readonly chapter: number
  readonly run: FinishedRun
  /**
   * Makes a second run that shows what this one cannot, if the chapter has
   * one.
   */
  readonly contrast: (() => Promise<FinishedRun>) | undefined
  /** The changed settings, in words. */
  readonly changed: string | undefined
}

/** A scene and the run it comes from. */
type ShownScene = {
  readonly scene: Scene
  readonly moments: readonly Moment[]
  readonly result: WalkResult
  /** The text above it. */
  readonly intro: string
  /** The connections before it and after it. */
  readonly pictureBefore: readonly string[]
  readonly pictureAfter: readonly string[]
}

/** Questions that are asked one after another below the same picture. */
type SceneQuestions = {
  readonly questions: readonly Question[]
  readonly result: WalkResult
  readonly picture: readonly string[]
}

/** The most questions that a chapter asks about both of its runs together. */
const maxQuestions = 3

/** The heading of each scene. */
const headings: Readonly<Record<SceneName, string>> = {
  'inspect container': 'Does the container exist?',
  create: 'Create the exec',
  start: 'Start the exec',
  'start answer': 'The answer to the start request',
  hijack: 'Take over the connection',
  'raw mode': 'Our terminal stops interpreting',
  keys: 'The keys you pressed',
  session: 'The session on the wire',
  frames: 'Output in frames',
  'half-close': 'Our input reaches EOF',
  end: 'The daemon’s output reaches EOF',
  resize: 'The size of the window',
  'exit code': 'Read the exit code',
}

/**
 * Presents a run page by page.
 *
 * @returns false if the learner went to the menu before the end
 */
export async function showRun<First extends object>(
  session: GuideSession<First>,
  shownRun: ShownRun,
): Promise<boolean> {
  const { options, page } = session
  const { chapter, run, contrast } = shownRun
  // The session is still on the screen.
  if (run.hadSession && !(await askToContinue(session, shownRun))) return false
  const questions = questionsToAsk(options, chapter, readProgress(warn), run.result)
  const scenes = withSizeHint(session, scenesToShow(run, chapter, page))
  const [first] = scenes
  const earlier = questions.filter((one) => one.chapter !== chapter)
  const asking = { questions: earlier, result: run.result, picture: first?.pictureBefore ?? [] }
  const last = await askOneByOne(session, shownRun, asking)
  if (!last || (last.length > 0 && !(await showVerdict(session, shownRun, last)))) return false
  if (!(await showScenes(session, shownRun, scenes, questions))) return false
  if (contrast) {
    const asked = questions.filter((one) => one.chapter === chapter).length
    const second = await contrast()
    const more = maxQuestions - asked
    if (!(await showContrast(session, shownRun, second, scenes, more))) return false
  }
  return showState(session, shownRun)
}

/** Presents the scenes of a second run that the first one does not have. */
async function showContrast<First extends object>(
  session: GuideSession<First>,
  shownRun: ShownRun,
  second: FinishedRun,
  known: readonly ShownScene[],
  maxAsked: number,
): Promise<boolean> {
  const { options, page } = session
  const { chapter } = shownRun
  const [first, ...rest] = scenesToShow(second, chapter, page).filter(
    ({ scene }) => !known.some((shownScene) => shownScene.scene.name === scene.name),
  )
  if (!first) return true
  const { why = '' } = options.lessons[chapter - 1]?.contrast ?? {}
  const about = questionsToAsk(options, chapter, readProgress(warn), second.result)
    .filter((question) => question.chapter === chapter)
    .slice(0, maxAsked)
  return showScenes(session, shownRun, [{ ...first, intro: why }, ...rest], about)
}

/** Returns the scenes of the chapter's stage. */
function scenesToShow({ result, tape }: FinishedRun, chapter: number, page: Page): ShownScene[] {
  const picture = (count: number): string[] =>
    pictureLines(connectionsAt(moments.slice(0, count)), page)
  const moments = momentsOf(tape?.events ?? [])
  // Chapter 4 shows keys and sends none, so no event has them.
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

/**
 * Returns the same scenes. The first picture of a visit explains the size in
 * it.
 */
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
  shownRun: ShownRun,
  scenes: readonly ShownScene[],
  questions: readonly Question[],
): Promise<boolean> {
  for (const shownScene of scenes) {
    const about = questions.filter(
      ({ chapter, prediction }) =>
        chapter === shownRun.chapter && prediction.scene === shownScene.scene.name,
    )
    if (!(await showScene(session, shownRun, shownScene, about))) return false
  }
  return true
}

async function showScene<First extends object>(
  session: GuideSession<First>,
  shownRun: ShownRun,
  shownScene: ShownScene,
  questions: readonly Question[],
): Promise<boolean> {
  const { scene, result, pictureBefore, pictureAfter } = shownScene
  const asked = (when: Question['prediction']['asked']): Question[] =>
    questions.filter(({ prediction }) => prediction.asked === when)
  const [early, after] = [asked('before'), asked('after')]
  const view = viewOf(scene.name)
  let verdict = await askOneByOne(session, shownRun, {
    ...{ questions: early, result, picture: pictureBefore },
  })
  if (!verdict) return false
  const least = [...linesAbove(session, shownScene, verdict), ...linesIn(session, shownScene, 0)]
  // In a low window the verdict stays below its question.
  if (verdict.length > 0 && least.length > roomOnPage(session, shownRun.changed)) {
    if (!(await showVerdict(session, shownRun, verdict, view))) return false
    verdict = []
  }
  const [first, ...others] = after
  const rows = first
    ? Math.max(rowsOfQuestion(session, first), rowsOfAnswer(session, first, result))
    : 0
  const whole = scenePage(session, shownRun, shownScene, verdict, rows)
  showPage(session, shownRun, whole ?? scenePage(session, shownRun, shownScene, verdict) ?? [])
  let waiting = after
  // In a low window the question gets its own page.
  if (first && whole) {
    waiting = others
    printLines('', ...(await askQuestion(session, shownRun.chapter, first, result)))
  }
  if (!(await askToContinue(session, shownRun, view))) return false
  const last = await askOneByOne(session, shownRun, {
    ...{ questions: waiting, result, picture: pictureAfter },
  })
  return last !== undefined && (last.length === 0 || showVerdict(session, shownRun, last, view))
}

/**
 * Returns a scene with its picture and room for a question below it. Long
 * bytes are shortened and, without a question, cut. Undefined if there is a
 * question and something would be cut.
 */
function scenePage<First extends object>(
  session: GuideSession<First>,
  { changed }: ShownRun,
  shownScene: ShownScene,
  verdict: readonly string[],
  questionRows?: number,
): string[] | undefined {
  const { scene, pictureAfter } = shownScene
  const { page } = session
  const words = linesAbove(session, shownScene, verdict)
  const all = roomOnPage(session, changed, questionRows)
  const withPicture = [...pictureAfter, '', ...words]
  const lines = linesIn(session, shownScene, all - withPicture.length)
  if (withPicture.length + lines.length <= all) return [...withPicture, ...lines]
  if (questionRows !== undefined) return undefined
  const above = all - withPicture.length < minSceneLines ? words : withPicture
  const room = Math.max(4, all - above.length)
  const rest = linesIn(session, shownScene, room)
  const isLong = scene.name === 'session' && rest.length > room
  return [...above, ...(isLong ? longSessionLines(scene, page, room) : fitLines(rest, room))]
}

/** Returns what happened, with its bytes, shortened to fit the room. */
function linesIn<First extends object>(
  { page }: GuideSession<First>,
  { scene, moments, result }: ShownScene,
  room: number,
): string[] {
  return scene.name === 'keys'
    ? (result.keys ?? []).flatMap(keyLines).map((line) => `  ${line}`)
    : sceneLines(scene, moments, page, room)
}

/**
 * Returns the lines above the bytes of a scene: the verdict on the question
 * before, and the narration.
 */
function linesAbove<First extends object>(
  { page }: GuideSession<First>,
  { scene, intro }: ShownScene,
  verdict: readonly string[],
): string[] {
  const isUnchanged =
    scene.name === 'raw mode' && !scene.moments.some(({ event }) => event.kind === 'terminal')
  return [
    ...(verdict.length === 0 ? [] : [...verdict, '']),
    ...(intro === '' ? [] : [...wrapText(intro, page.width), '']),
    page.style.bold(isUnchanged ? 'Our terminal stays unchanged' : headings[scene.name]),
    ...wrapText(sceneWords(scene), page.width).filter((line) => line !== ''),
  ]
}

/**
 * If fewer lines of a scene fit below the picture, the picture is left out.
 */
const minSceneLines = 8

/**
 * Asks each question on its own page. The verdict on one is shown above the
 * next.
 *
 * @returns the lines of the last verdict, empty without a question; undefined
 * for the menu
 */
async function askOneByOne<First extends object>(
  session: GuideSession<First>,
  shownRun: ShownRun,
  { questions, result, picture }: SceneQuestions,
): Promise<readonly string[] | undefined> {
  let verdict: readonly string[] = []
  for (const question of questions) {
    const room = roomOnPage(session, shownRun.changed, rowsOfQuestion(session, question))
    if (verdict.length > room) {
      if (!(await showVerdict(session, shownRun, verdict))) return undefined
      verdict = []
    }
    const above = verdict.length > 0 ? [...verdict, ''] : []
    showPage(
      session,
      shownRun,
      above.length + picture.length > room ? above : [...above, ...picture],
    )
    verdict = await askQuestion(session, shownRun.chapter, question, result)
  }
  return verdict
}

/** Shows the verdict below its question and waits for a key. */
async function showVerdict<First extends object>(
  session: GuideSession<First>,
  shownRun: ShownRun,
  verdict: readonly string[],
  view?: ViewName,
): Promise<boolean> {
  printLines('', ...verdict)
  return askToContinue(session, shownRun, view)
}

/** Returns the view that has the details of a scene. */
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

/** Shows the last page: what the stage needed and what it added. */
async function showState<First extends object>(
  session: GuideSession<First>,
  shownRun: ShownRun,
): Promise<boolean> {
  const { options, page } = session
  const { chapter, run, changed } = shownRun
  const stage = run.result.stages.find(({ number }) => number === chapter)
  openPage(session, titleOf(session, chapter), changed)
  if (!stage) {
    const last = run.result.stages.at(-1)
    printLines(
      ...wrapText(`The run ended after chapter ${last?.number}, ${last?.name}.`, page.width),
    )
    printLines(...wrapText(last?.story ?? '', page.width))
    return askToContinue(session, shownRun)
  }
  const needs = options.companions[chapter - 1]?.needs ?? Object.keys(stage.before)
  printLines(...wrapText(stage.story, page.width), '')
  printLines(...stateChangeLines(stage, needs, page))
  const { terminal } = run.result
  if (terminal?.during) printLines('', verdictOn(terminal))
  return askToContinue(session, shownRun)
}

/** Returns `Chapter 4 of 7: raw mode`. */
export function titleOf<First extends object>(
  { options }: GuideSession<First>,
  chapter: number,
): string {
  return chapterTitle(options.course, chapter)
}

/**
 * Waits for a key below a page: continue, inspect the run, or the menu.
 *
 * @param view - the view with which the inspection starts
 */
async function askToContinue<First extends object>(
  session: GuideSession<First>,
  { chapter, run }: ShownRun,
  view: ViewName = 'state',
): Promise<boolean> {
  printLines('')
  for (;;) {
    const key = await session.ask.key('', [
      { value: 'continue' as const, label: 'continue' },
      { value: 'inspect' as const, label: 'inspect this run', key: 'v' },
      { value: 'menu' as const, label: 'menu', back: 'menu' },
    ])
    if (key === 'continue') return true
    if (key === 'menu') return false
    // The viewer has its own screen, so the page is unchanged afterwards.
    await inspectRun(session, chapter, run, view)
  }
}
