/**
 * Judges an exercise whenever it is saved.
 *
 * A check is fast here. The daemon and the sandbox stay, the compiler keeps what it has read, and the
 * next judging process is started ahead: it has run the reference before you save.
 *
 * @module
 */

import { readdirSync, readFileSync, watch } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Form } from '../menus/form.ts'
import { printable } from '../text/printable.ts'
import { cutText, wrapText } from '../text/width.ts'
import { hintLines, nextLine, trialLines, verdictLines, wordsFor } from './check-lines.ts'
import { type CheckPlace, type CheckTools, checkWork } from './check-work.ts'
import { editorIn, openEditor } from './editor.ts'
import type { Exercise } from './exercise.ts'
import { taskLines } from './exercise-lines.ts'
import { nextExercise, recordVerdict } from './exercise-records.ts'
import type { Verdict } from './judge.ts'
import { type Judge, startJudge } from './judge-process.ts'
import { displayPath } from './load.ts'
import { isStarted, openOwnFile } from './own-file.ts'
import { startCompiler } from './types.ts'
import { readKeys } from './watch-keys.ts'

/** An editor saves in several steps. The file is read this long after the last one, in milliseconds. */
const saveDelay = 100

/** What is on the screen. */
type Scene = {
  readonly exercise: Exercise
  readonly file: string
  isStarted: boolean
  /** When its check began, by the clock of the process; undefined while nothing is checked. */
  since: number | undefined
  passed: string[]
  running: string | undefined
  verdict: Verdict | undefined
  /** What the learner's code printed. */
  printed: string
  /** Hints, and what went wrong with a key. */
  notes: string[]
}

/**
 * Watches, until the learner leaves.
 *
 * @throws a `Failure` with exit code 130 on Ctrl-C
 */
export async function watchExercises(
  first: Exercise,
  place: CheckPlace,
  tools: CheckTools,
  form: Form,
): Promise<void> {
  const { root, scope, exercises } = tools
  const draws = form === 'menus'
  const askTypes = startCompiler(root, scope)
  let scene = createScene(first, root)
  // The first question takes two seconds, so it is asked before there is anything to know.
  void askTypes(scene.file).catch(() => {})
  let offset = 0
  let spare: Judge | undefined
  let running: Judge | undefined
  let round = 0
  /** While an editor has the terminal, what is to be said waits. */
  let waiting: string[] | undefined

  const prepared = (): Judge => {
    const judge = startJudge(tools)
    judge.prepare(place, scene.exercise.name)
    return judge
  }
  const tell = (...lines: readonly string[]): void => {
    if (waiting) waiting.push(...lines)
    else if (draws) offset = draw(sceneLines(scene, tools), keyLines(scene, tools), offset, tools)
    else process.stdout.write(lines.map((line) => `${line}\n`).join(''))
  }

  async function check(): Promise<void> {
    round += 1
    const own = round
    await running?.end()
    running = undefined
    if (own !== round) return
    scene = createScene(scene.exercise, root)
    offset = 0
    const { exercise, file } = scene
    if (!scene.isStarted) {
      spare ??= prepared()
      tell(...sceneLines(scene, tools), ...keyLines(scene, tools))
      return
    }
    scene.since = performance.now()
    tell(...headLines(scene, tools), checkingLine(scene.since))
    const text = readFileSync(file, 'utf8')
    const judge = spare ?? prepared()
    spare = undefined
    running = judge
    const verdict = await checkWork(exercise, place, judge, askTypes, root, {
      trial(title, state) {
        if (own !== round) return
        scene.running = state === 'begins' ? title : undefined
        if (state === 'passed') scene.passed.push(title)
        if (draws) tell()
        else if (state === 'passed') tell(...trialLines('right', title, tools.page))
      },
      printed(printed) {
        scene.printed += printable(printed)
        if (!draws) process.stderr.write(printable(printed))
      },
    })
    // The file was saved again meanwhile: this verdict is about an older text.
    if (own !== round) return
    running = undefined
    scene.since = undefined
    scene.running = undefined
    scene.verdict = verdict
    recordVerdict(exercise, verdict.right, text)
    tell(...verdictLines(exercise, verdict, tools.page), ...keyLines(scene, tools))
    spare = prepared()
  }

  async function goOn(): Promise<void> {
    const next = nextExercise(exercises, root, scene.exercise)
    if (!next) return
    await spare?.end()
    spare = undefined
    scene = createScene(next, root)
    // That its file is made just now is no save.
    before = readSources(dirname(scene.file))
    await check()
  }

  const editor = editorIn(process.env)
  async function edit(): Promise<void> {
    if (editor === undefined || waiting) return
    keys.close()
    waiting = []
    if (draws) process.stdout.write('\x1b[2J\x1b[H')
    await openEditor(editor, scene.file, scope).catch((error: Error) => {
      scene.notes.push(error.message)
    })
    const said = waiting
    waiting = undefined
    keys.open()
    tell(...said)
  }

  let finish: () => void = () => {}
  let fail: (error: unknown) => void = () => {}
  const over = new Promise<void>((resolve, reject) => {
    finish = resolve
    fail = reject
  })
  const keys = readKeys(form, {
    key(letter) {
      if (letter === 'q') finish()
      if (letter === 'o') edit().catch(fail)
      if (letter === 'n' && scene.verdict?.right) goOn().catch(fail)
      if (letter === 'h') {
        scene.notes = hintLines(scene.exercise, undefined, tools.page, 'h')
        offset = 0
        tell(...scene.notes)
      }
      const step = { up: -1, down: 1, ' ': 10 }[letter]
      if (draws && step !== undefined) {
        offset += step
        tell()
      }
    },
    cancel: fail,
    redraw: () => tell(),
  })
  scope.hold('keys', keys, keys.close)
  // The last line of the screen has no end yet.
  if (draws) scope.hold('screen', undefined, () => void process.stdout.write('\n'))
  const onResize = (): void => {
    if (draws) tell()
  }
  process.stdout.on('resize', onResize)
  scope.hold('window', onResize, () => process.stdout.off('resize', onResize))
  let before = readSources(dirname(scene.file))
  const onSave = (): void => {
    const now = readSources(dirname(scene.file))
    if (now === before) return
    before = now
    check().catch(fail)
  }
  let timer: NodeJS.Timeout | undefined
  const watcher = watch(dirname(scene.file), () => {
    clearTimeout(timer)
    timer = setTimeout(onSave, saveDelay)
  })
  watcher.on('error', fail)
  scope.hold('watcher', watcher, () => {
    clearTimeout(timer)
    watcher.close()
  })
  const ticks = setInterval(() => {
    if (draws && scene.since !== undefined) tell()
  }, 1000)
  scope.hold('seconds of a check', ticks, () => clearInterval(ticks))
  check().catch(fail)
  // Leaving ends the check that runs, and what comes of that is no verdict.
  await over.finally(() => {
    round += 1
  })
}

/** `Checking … 4 s`: a trial in which nothing moves takes some seconds. */
function checkingLine(since: number): string {
  const seconds = Math.floor((performance.now() - since) / 1000)
  return seconds < 2 ? 'Checking …' : `Checking … ${seconds} s`
}

function createScene(exercise: Exercise, root: string): Scene {
  const { file } = openOwnFile(exercise, root)
  return {
    ...{ exercise, file, isStarted: isStarted(exercise, root) },
    ...{
      since: undefined,
      passed: [],
      running: undefined,
      verdict: undefined,
      printed: '',
      notes: [],
    },
  }
}

/** All TypeScript files of a folder in one text: a helper beside the exercise counts as well. */
function readSources(folder: string): string {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.ts'))
    return names.map((name) => readFileSync(join(folder, name), 'utf8')).join('\0')
  } catch {
    // An editor is about to rename its new file to the old name. That is a change too.
    return ''
  }
}

function headLines({ exercise, file }: Scene, { page }: CheckTools): string[] {
  return [
    ...wrapText(`Exercise ${wordsFor(exercise)}: ${exercise.task}`, page.width).map(
      page.style.bold,
    ),
    ...wrapText(displayPath(file), page.width).map(page.style.dim),
    '',
  ]
}

/** The whole screen, but for the keys. */
function sceneLines(scene: Scene, tools: CheckTools): string[] {
  const { exercise, passed, running, verdict, printed, notes } = scene
  const { page, root } = tools
  const print = printed.trimEnd().split('\n').slice(-5)
  const task = scene.isStarted ? [] : taskLines(exercise, root, tools.casesOf(exercise), page)
  return [
    ...(scene.isStarted ? headLines(scene, tools) : []),
    ...notes,
    ...(notes.length > 0 ? [''] : []),
    ...task,
    ...passed.flatMap((title) => trialLines('right', title, page)),
    ...(running === undefined ? [] : trialLines('…', running, page)),
    ...(verdict ? verdictLines(exercise, verdict, page) : []),
    ...(printed
      ? ['', 'printed by your code:', ...print.map((line) => cutText(line, page.width))]
      : []),
  ]
}

function keyLines(scene: Scene, tools: CheckTools): string[] {
  const { page, exercises, root } = tools
  const isRight = scene.verdict?.right
  const isDone = isRight && nextExercise(exercises, root) === undefined
  const keys = [
    ...(isRight && !isDone ? ['n: next exercise'] : ['h: hint']),
    ...(editorIn(process.env) ? ['o: open in the editor'] : []),
    'q: leave',
  ]
  return [
    ...wrapText(isDone ? nextLine(exercises, root) : nextStep(scene), page.width),
    ...wrapText(keys.join(' • '), page.width).map(page.style.dim),
  ]
}

/** What is to be waited for or done. */
function nextStep({ verdict, since, isStarted: started }: Scene): string {
  if (since !== undefined) return checkingLine(since)
  if (!started) return 'Not started: write where it says YOUR CODE, and save.'
  return verdict?.right ? 'Go on with n, or save to check again.' : 'Save to check again.'
}

/**
 * Draws a fresh screen, from this line on.
 *
 * @returns the line from which it was drawn, which is never so late that the screen would be empty
 */
function draw(
  lines: readonly string[],
  keys: readonly string[],
  from: number,
  { page }: CheckTools,
): number {
  const { rows = 24 } = process.stdout
  const room = Math.max(1, rows - keys.length - 2)
  const offset = Math.max(0, Math.min(from, lines.length - room))
  const below = lines.length - offset - room
  const more = below > 0 || offset > 0 ? page.style.dim(`↑/↓ ${Math.max(0, below)} more lines`) : ''
  const screen = [...lines.slice(offset, offset + room), more, ...keys]
  process.stdout.write(`\x1b[H${screen.map((line) => `${line}\x1b[K`).join('\r\n')}\x1b[J`)
  return offset
}
