/**
 * The course with the learner's own stage in one place, for a run in the story. The stage runs in our
 * own process, so what it does to the process is answered here: it may loop, exit, or never settle.
 *
 * @module
 */

import { Console } from 'node:console'
import { url as debuggerUrl } from 'node:inspector'
import type { Kit } from '../course/kit.ts'
import { type AnyStage, courseWith, type Walkable } from '../course/stage.ts'
import { endProcess } from '../process/ending.ts'
import { Failure } from '../process/failure.ts'
import { wrapText } from '../text/width.ts'
import type { Exercise } from './exercise.ts'
import { type ExerciseProgress, progressOf } from './exercise-records.ts'
import { asError, describeThrown, displayPath, isFrom, loadExport, watchExit } from './load.ts'
import { endWhenStuck } from './loop-guard.ts'
import { openHoleIn } from './not-written.ts'
import { openOwnFile } from './own-file.ts'
import { exitComplaint, threwPrefix } from './rules.ts'

/**
 * How long the learner's code may keep the main thread for itself, and how long its stage may take
 * outside a session, in seconds.
 */
const hangTimeout = 10

/** The chapter that makes the terminal raw. The one behind it begins to read the keys. */
const firstInSession = 4

/**
 * The whole course, with the learner's stage in one place and the reference's in all others.
 *
 * @param warn - gets a line when the exercise has just been copied, or was not judged right
 */
export function courseWithOwnStage<First extends object>(
  course: Walkable<First>,
  exercise: Exercise,
  root: string,
  warn: (line: string) => void,
): Walkable<First> {
  const { chapter } = exercise
  const { file, isNew } = openOwnFile(exercise, root)
  if (isNew) warn(`exercise ${chapter} is yours now, in ${displayPath(file)}`)
  const doubt = ownStageNotes[progressOf(exercise, root)]
  if (doubt) warn(`your stage ${doubt}: npm run check ${chapter} judges it`)

  const waitFor = guardProcess(chapter, file)
  const mine = loadExport<AnyStage>(file, exercise.exports)
  const withMine = courseWith(course, chapter, {
    ...mine,
    async run(state, kit) {
      try {
        const out = await waitFor((watched) => mine.run(state, watched), kit)
        if (typeof out === 'object' && out !== null) return out
        throw new Failure('your stage returned nothing: it returns the state, with what it adds')
      } catch (error) {
        const hole = openHoleIn(asError(error))
        if (hole) throw hole
        if (error instanceof Failure) throw error
        throw new Failure(
          `your stage threw an error: ${describeThrown(asError(error), file)}`,
          1,
          `npm run check ${chapter} says what it should have done.`,
        )
      }
    },
  })
  return { ...withMine, mine: { chapter, file: displayPath(file) } }
}

/** Runs the learner's stage with a kit that is watched. */
type OwnStageRun = (watched: Kit) => Promise<unknown>

/** Why a run may come to another end than the learner expects. */
const ownStageNotes: Readonly<Partial<Record<ExerciseProgress, string>>> = {
  'not checked yet': 'was not checked yet',
  'not right yet': 'was not right in its last check',
  'changed since': 'has changed since its last check',
}

/**
 * Makes an end of whatever the learner's code does to this process: a sentence, and everything is
 * given back.
 *
 * @returns what waits for the stage
 */
function guardProcess(
  chapter: number,
  file: string,
): (stage: OwnStageRun, kit: Kit) => Promise<unknown> {
  const hint = `npm run check ${chapter} names the case in which it happens.`
  const stuck = `Your code has not given control back for ${hangTimeout} seconds: a loop without an end, and no await in it. It was ended, which your shell may report as Killed. ${hint}`
  endWhenStuck(hangTimeout, wrapText(stuck, process.stderr.columns || 80).join('\n'))
  // What it prints must not get into a document on standard output.
  globalThis.console = new Console(process.stderr, process.stderr)

  let failStage: ((failure: Failure) => void) | undefined
  const stop = (why: string): void => {
    if (failStage) failStage(new Failure(why, 1, hint))
    else endProcess({ why, exitCode: 1 })
  }
  // Node ends a process in which nothing is pending any more, silently.
  process.once('beforeExit', () =>
    stop(
      failStage
        ? 'your stage has not come back, and nothing is left that could wake it'
        : 'what your stage passed on is never settled, and nothing is left that could settle it',
    ),
  )
  process.prependListener('uncaughtException', (error) => {
    const why = `${threwPrefix}: ${describeThrown(error, file)}`
    if (isFrom(error, file)) endProcess({ why, exitCode: 1 })
  })
  watchExit(file, (call) => stop(exitComplaint(describeThrown(call, file))))

  /** A breakpoint takes its time, and so does a session: its keys are read. */
  const nameHang = (isInSession: boolean): void => {
    if (isInSession || debuggerUrl()) return
    const hangs = `your stage ${chapter} has not come back for ${hangTimeout} seconds`
    // In a raw terminal Ctrl-C is a byte, which nothing reads.
    if (chapter < firstInSession) process.stderr.write(`${hangs}; Ctrl-C leaves\n`)
    else stop(hangs)
  }
  return async (stage, { terminal, ...kit }) => {
    let isInSession = chapter > firstInSession + 1
    const openInput: typeof terminal.openInput = () => {
      isInSession = true
      return terminal.openInput()
    }
    const failed = new Promise<never>((_, reject) => {
      failStage = reject
    })
    const hanging = setTimeout(() => nameHang(isInSession), hangTimeout * 1000)
    hanging.unref()
    const running = stage({ ...kit, terminal: { ...terminal, openInput } })
    return Promise.race([failed, running]).finally(() => {
      clearTimeout(hanging)
      failStage = undefined
    })
  }
}
