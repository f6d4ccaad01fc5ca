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
import { connectionsAt, pictureLines } from '../show/picture.ts'
import { sceneLines, stateChangeLines } from '../show/scene-lines.ts'
import { verdictOn } from '../show/stage-lines.ts'
import { type Moment, momentsOf } from '../tape/moments.ts'
import { sceneWords } from '../tape/scene-words.ts'
import { type Scene, type SceneName, scenesOf } from '../tape/scenes.ts'
import { keyLines } from '../terminal/show-keys.ts'
import { wrapText } from '../text/width.ts'
import { askQuestion, rowsOfQuestion } from './ask-questions.ts'
import { fitLines, openPage, roomOnPage } from './chapter-page.ts'
import { type FinishedRun, inspectRun } from './finished-run.ts'
import { type GuideSession, say } from './guide-session.ts'

/** What is told: a run, of this chapter, and with which settings. */
export type Telling = {
  readonly chapter: number
  readonly run: FinishedRun
  /** Makes a second run that shows what this one cannot, where there is such a run. */
  readonly contrast: (() => Promise<FinishedRun>) | undefined
  /** What the learner has changed, in words. */
  readonly changed: string | undefined
}

/** A scene, and the run that it is from. */
type ToldScene = {
  readonly scene: Scene
  readonly moments: readonly Moment[]
  readonly result: WalkResult
  /** Said above it. */
  readonly intro: string
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
export async function tellRun<First extends object>(
  session: GuideSession<First>,
  telling: Telling,
): Promise<boolean> {
  const { options } = session
  const { chapter, run, contrast } = telling
  // What was done in the session is still on the screen.
  if (run.hadSession && !(await goesOn(session, telling))) return false
  const questions = questionsToAsk(options, chapter, readProgress(warn), run.result)
  for (const question of questions.filter((one) => one.chapter !== chapter)) {
    openPage(session, titleOf(session, chapter), telling.changed)
    say('', ...(await askQuestion(session, chapter, question, run.result)))
    if (!(await goesOn(session, telling))) return false
  }
  const scenes = toldScenes(run, chapter)
  if (!(await tellScenes(session, telling, scenes, questions))) return false
  if (contrast) {
    const asked = questions.filter((one) => one.chapter === chapter).length
    const second = await contrast()
    const more = mostQuestions - asked
    if (!(await tellContrast(session, telling, second, scenes, more))) return false
  }
  return tellState(session, telling)
}

/** Tells the scenes of a second run that the first one does not have. */
async function tellContrast<First extends object>(
  session: GuideSession<First>,
  telling: Telling,
  second: FinishedRun,
  known: readonly ToldScene[],
  mostAsked: number,
): Promise<boolean> {
  const { options } = session
  const { chapter } = telling
  const [first, ...rest] = toldScenes(second, chapter).filter(
    ({ scene }) => !known.some((told) => told.scene.name === scene.name),
  )
  if (!first) return true
  const { why = '' } = options.lessons[chapter - 1]?.contrast ?? {}
  const about = questionsToAsk(options, chapter, readProgress(warn), second.result)
    .filter((question) => question.chapter === chapter)
    .slice(0, mostAsked)
  return tellScenes(session, telling, [{ ...first, intro: why }, ...rest], about)
}

/** The scenes of the chapter's stage. */
function toldScenes({ result, tape }: FinishedRun, chapter: number): ToldScene[] {
  const moments = momentsOf(tape?.events ?? [])
  // In chapter 4 keys are looked at and sent nowhere: no event has them.
  const hasKeys = result.stages.at(-1)?.name === 'raw mode' && (result.keys ?? []).length > 0
  return scenesOf(moments, chapter)
    .flatMap((scene): Scene[] => {
      const isRaw = hasKeys && scene.name === 'raw mode'
      return isRaw ? [scene, { ...scene, name: 'keys' }] : [scene]
    })
    .map((scene) => ({ scene, moments, result, intro: '' }))
}

async function tellScenes<First extends object>(
  session: GuideSession<First>,
  telling: Telling,
  scenes: readonly ToldScene[],
  questions: readonly Question[],
): Promise<boolean> {
  for (const told of scenes) {
    const about = questions.filter(
      ({ chapter, prediction }) =>
        chapter === telling.chapter && prediction.scene === told.scene.name,
    )
    if (!(await tellScene(session, telling, told, about))) return false
  }
  return true
}

async function tellScene<First extends object>(
  session: GuideSession<First>,
  telling: Telling,
  told: ToldScene,
  questions: readonly Question[],
): Promise<boolean> {
  const { page } = session
  const { chapter, changed } = telling
  const { scene, moments, result, intro } = told
  const title = titleOf(session, chapter)
  const at = scene.moments.at(-1)?.number ?? moments.length
  const before = (scene.moments[0]?.number ?? moments.length) - 1
  const verdicts: string[] = []
  const early = questions.filter(({ prediction }) => prediction.asked === 'before')
  for (const [place, question] of early.entries()) {
    openPage(session, title, changed)
    say(...pictureLines(connectionsAt(moments.slice(0, before)), page))
    const verdict = await askQuestion(session, chapter, question, result)
    if (place === early.length - 1) verdicts.push(...verdict, '')
    else {
      say('', ...verdict)
      if (!(await goesOn(session, telling))) return false
    }
  }
  const after = questions.filter(({ prediction }) => prediction.asked === 'after')
  const lines =
    scene.name === 'keys'
      ? (result.keys ?? []).flatMap(keyLines).map((line) => `  ${line}`)
      : sceneLines(scene, moments, page)
  const isLeftAlone =
    scene.name === 'raw mode' && !scene.moments.some(({ event }) => event.kind === 'terminal')
  const words = [
    ...verdicts,
    ...(intro === '' ? [] : [...wrapText(intro, page.width), '']),
    page.style.bold(isLeftAlone ? 'Our terminal stays as it is' : headings[scene.name]),
    ...wrapText(sceneWords(scene), page.width).filter((line) => line !== ''),
  ]
  const picture = [...pictureLines(connectionsAt(moments.slice(0, at)), page), '']
  const isEndless = session.options.form !== 'menus'
  const show = (questionRows = 0): void => {
    const room = roomOnPage(changed, questionRows)
    // The bytes matter more than the picture, which the next page has again.
    const hasPicture = picture.length + words.length + Math.min(lines.length, leastLines) <= room
    const above = hasPicture ? [...picture, ...words] : words
    openPage(session, title, changed)
    say(...above, ...(isEndless ? lines : fitLines(lines, Math.max(4, room - above.length))))
  }
  const [first] = after
  const rows = first ? rowsOfQuestion(first) : 0
  const fits = words.length + Math.min(lines.length, leastLines) <= roomOnPage(changed, rows)
  show(fits ? rows : 0)
  // In a low window the question gets a page of its own.
  if (first && !fits) {
    if (!(await goesOn(session, telling, show))) return false
    openPage(session, title, changed)
  }
  for (const question of after) {
    // The first one stands below the scene, the others have pages of their own.
    if (question !== first) {
      if (!(await goesOn(session, telling, show))) return false
      openPage(session, title, changed)
    }
    say('', ...(await askQuestion(session, chapter, question, result)))
  }
  return goesOn(session, telling, show)
}

/** So many lines of a scene have room below the picture, or there is no picture. */
const leastLines = 8

/** The last page: what the stage needed, and what it added. */
async function tellState<First extends object>(
  session: GuideSession<First>,
  telling: Telling,
): Promise<boolean> {
  const { options, page } = session
  const { chapter, run, changed } = telling
  const stage = run.result.stages.find(({ number }) => number === chapter)
  openPage(session, titleOf(session, chapter), changed)
  if (!stage) {
    const last = run.result.stages.at(-1)
    say(...wrapText(`The run was over after chapter ${last?.number}, ${last?.name}.`, page.width))
    say(...wrapText(last?.story ?? '', page.width))
    return goesOn(session, telling)
  }
  const needs = options.companions[chapter - 1]?.needs ?? Object.keys(stage.before)
  say(...wrapText(stage.story, page.width), '')
  say(...stateChangeLines(stage, needs, page))
  const { terminal } = run.result
  if (terminal?.during) say('', verdictOn(terminal))
  return goesOn(session, telling)
}

/** `Chapter 4 of 7: raw mode` */
export function titleOf<First extends object>(
  { options }: GuideSession<First>,
  chapter: number,
): string {
  return chapterTitle(options.course, chapter)
}

/** Waits for a key below a page: on, a look at the whole run, or the menu. */
async function goesOn<First extends object>(
  session: GuideSession<First>,
  { chapter, run }: Telling,
  show: () => void = () => {},
): Promise<boolean> {
  for (;;) {
    say('')
    const key = await session.ask.key('', [
      { value: 'on' as const, label: 'go on' },
      { value: 'inspect' as const, label: 'inspect this run', key: 'v' },
      { value: 'menu' as const, label: 'menu', back: 'menu' },
    ])
    if (key === 'on') return true
    if (key === 'menu') return false
    await inspectRun(session, chapter, run)
    show()
  }
}
