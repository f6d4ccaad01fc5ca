/**
 * Checks an exercise every time it is saved.
 *
 * A check is fast here: the daemon, the sandbox and the compiler stay up
 * between checks, and the next judging process has already run the reference
 * when you save.
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

/**
 * An editor saves in several steps. We read the file this many milliseconds
 * after the last.
 */
const saveDelay = 100

/** The state of the screen. */
type Scene = {
  readonly exercise: Exercise
  readonly file: string
  isStarted: boolean
  /**
   * When the running check began (`performance.now()`); undefined if none is
   * running.
   */
  since: number | undefined
  passed: string[]
  running: string | undefined
  verdict: Verdict | undefined
  /** The output of the learner's code. */
  printed: string
  /** Hints, and errors from the editor. */
  notes: string[]
}

/**
 * Watches the exercise until the learner quits.
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
  const checkTypes = startCompiler(root, scope)
  let scene = createScene(first, root)
  // The first type check is slow, so warm up the compiler.
  void checkTypes(scene.file).catch(() => {})
  let offset = 0
  let spare: Judge | undefined
  let running: Judge | undefined
  let round = 0
  /**
   * Lines to print when the editor exits; undefined while no editor is
   * running.
   */
  let pending: string[] | undefined

  const prepareJudge = (): Judge => {
    const judge = startJudge(tools)
    judge.prepare(place, scene.exercise.name)
    return judge
  }
  const show = (...lines: readonly string[]): void => {
    if (pending) pending.push(...lines)
    else if (draws) offset = draw(sceneLines(scene, tools), keyLines(scene, tools), offset, tools)
    else process.stdout.write(lines.map((line) => `${line}\n`).join(''))
  }

  async function check(): Promise<void> {
    round += 1
    const thisRound = round
    await running?.end()
    running = undefined
    if (thisRound !== round) return
    scene = createScene(scene.exercise, root)
    offset = 0
    const { exercise, file } = scene
    if (!scene.isStarted) {
      spare ??= prepareJudge()
      show(...sceneLines(scene, tools), ...keyLines(scene, tools))
      return
    }
    scene.since = performance.now()
    show(...headLines(scene, tools), checkingLine(scene.since))
    const text = readFileSync(file, 'utf8')
    const judge = spare ?? prepareJudge()
    spare = undefined
    running = judge
    const verdict = await checkWork(exercise, place, judge, checkTypes, root, {
      trial(title, state) {
        if (thisRound !== round) return
        scene.running = state === 'begins' ? title : undefined
        if (state === 'passed') scene.passed.push(title)
        if (draws) show()
        else if (state === 'passed') show(...trialLines('right', title, tools.page))
      },
      printed(printed) {
        scene.printed += printable(printed)
        if (!draws) process.stderr.write(printable(printed))
      },
    })
    // The file has been saved again meanwhile, so this verdict is out of
    // date.
    if (thisRound !== round) return
    running = undefined
    scene.since = undefined
    scene.running = undefined
    scene.verdict = verdict
    recordVerdict(exercise, verdict.right, text)
    show(...verdictLines(exercise, verdict, tools.page), ...keyLines(scene, tools))
    spare = prepareJudge()
  }

  async function openNext(): Promise<void> {
    const next = nextExercise(exercises, root, scene.exercise)
    if (!next) return
    await spare?.end()
    spare = undefined
    scene = createScene(next, root)
    // Creating its file just now doesn't count as a save.
    lastSources = readSources(dirname(scene.file))
    await check()
  }

  const editor = editorIn(process.env)
  async function edit(): Promise<void> {
    if (editor === undefined || pending) return
    keys.close()
    pending = []
    if (draws) process.stdout.write('\x1b[2J\x1b[H')
    await openEditor(editor, scene.file, scope).catch((error: Error) => {
      scene.notes.push(error.message)
    })
    const lines = pending
    pending = undefined
    keys.open()
    show(...lines)
  }

  let finish: () => void = () => {}
  let fail: (error: unknown) => void = () => {}
  const finished = new Promise<void>((resolve, reject) => {
    finish = resolve
    fail = reject
  })
  const keys = readKeys(form, {
    key(letter) {
      if (letter === 'q') finish()
      if (letter === 'o') edit().catch(fail)
      if (letter === 'n' && scene.verdict?.right) openNext().catch(fail)
      if (letter === 'h') {
        scene.notes = hintLines(scene.exercise, undefined, tools.page, 'h')
        offset = 0
        show(...scene.notes)
      }
      const step = { up: -1, down: 1, ' ': 10 }[letter]
      if (draws && step !== undefined) {
        offset += step
        show()
      }
    },
    cancel: fail,
    redraw: () => show(),
  })
  scope.hold('keys', keys, keys.close)
  // The last line of the screen has no newline yet.
  if (draws) scope.hold('screen', undefined, () => void process.stdout.write('\n'))
  const onResize = (): void => {
    if (draws) show()
  }
  process.stdout.on('resize', onResize)
  scope.hold('window', onResize, () => process.stdout.off('resize', onResize))
  let lastSources = readSources(dirname(scene.file))
  const onSave = (): void => {
    const sources = readSources(dirname(scene.file))
    if (sources === lastSources) return
    lastSources = sources
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
    if (draws && scene.since !== undefined) show()
  }, 1000)
  scope.hold('check timer', ticks, () => clearInterval(ticks))
  check().catch(fail)
  // Quitting kills a running check, which must not give a verdict.
  await finished.finally(() => {
    round += 1
  })
}

/**
 * Returns `Checking … 4 s`. A trial that hangs takes some seconds to time
 * out.
 */
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

/**
 * Joins all TypeScript files of a folder, because the exercise may import one
 * of them.
 */
function readSources(folder: string): string {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.ts'))
    return names.map((name) => readFileSync(join(folder, name), 'utf8')).join('\0')
  } catch {
    // An editor is replacing the file by renaming a new one. That counts as a
    // change.
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

/** The whole screen, except for the keys. */
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
    ...(editorIn(process.env) ? ['o: open in editor'] : []),
    'q: quit',
  ]
  return [
    ...wrapText(isDone ? nextLine(exercises, root) : nextStep(scene), page.width),
    ...wrapText(keys.join(' • '), page.width).map(page.style.dim),
  ]
}

/** What the learner waits for, or does next. */
function nextStep({ verdict, since, isStarted: started }: Scene): string {
  if (since !== undefined) return checkingLine(since)
  if (!started) return 'Not started: write your code where it says YOUR CODE, and save.'
  return verdict?.right
    ? 'Press n for the next exercise, or save to check again.'
    : 'Edit and save to check again.'
}

/**
 * Redraws the screen, scrolled to a line.
 *
 * @returns the line it was scrolled to, which never leaves the screen empty
 */
function draw(
  lines: readonly string[],
  keys: readonly string[],
  from: number,
  { page }: CheckTools,
): number {
  const { rows = 24 } = process.stdout
  const height = Math.max(1, rows - keys.length - 2)
  const offset = Math.max(0, Math.min(from, lines.length - height))
  const below = lines.length - offset - height
  const more = below > 0 || offset > 0 ? page.style.dim(`↑/↓ ${Math.max(0, below)} more lines`) : ''
  const screen = [...lines.slice(offset, offset + height), more, ...keys]
  process.stdout.write(`\x1b[H${screen.map((line) => `${line}\x1b[K`).join('\r\n')}\x1b[J`)
  return offset
}
