/**
 * Puts the learner's own stage into the course, for a run of the chapter. The
 * stage runs in our own process, so this module handles stages that loop,
 * exit, or never settle.
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
 * How long the learner's code may block the main thread, and how long a stage
 * may take outside a session, in seconds.
 */
const hangTimeout = 10

/** The chapter that sets raw mode. The next one starts to read the keys. */
const rawModeChapter = 4

/**
 * Returns the whole course with the learner's stage in place of one of the
 * reference's.
 *
 * @param warn - gets a line if the exercise has just been copied, or its last
 * check did not pass
 */
export function courseWithOwnStage<First extends object>(
  course: Walkable<First>,
  exercise: Exercise,
  root: string,
  warn: (line: string) => void,
): Walkable<First> {
  const { chapter } = exercise
  const { file, isNew } = openOwnFile(exercise, root)
  if (isNew) warn(`created your copy of exercise ${chapter}: ${displayPath(file)}`)
  const note = ownStageNotes[progressOf(exercise, root)]
  if (note) warn(`your stage ${note}: run npm run check ${chapter}`)

  const waitFor = guardProcess(chapter, file)
  const mine = loadExport<AnyStage>(file, exercise.exports)
  const withMine = courseWith(course, chapter, {
    ...mine,
    async run(state, kit) {
      try {
        const returned = await waitFor((watched) => mine.run(state, watched), kit)
        if (typeof returned === 'object' && returned !== null) return returned
        throw new Failure(
          'your stage returned nothing: return the state you received, plus what you add',
        )
      } catch (error) {
        const hole = openHoleIn(asError(error))
        if (hole) throw hole
        if (error instanceof Failure) throw error
        throw new Failure(
          `your stage threw an error: ${describeThrown(asError(error), file)}`,
          1,
          `npm run check ${chapter} tells you what it should have done.`,
        )
      }
    },
  })
  return { ...withMine, mine: { chapter, file: displayPath(file) } }
}

/** Runs the learner's stage with a watched kit. */
type OwnStageRun = (watched: Kit) => Promise<unknown>

/** Warnings before a run, by the learner's progress. */
const ownStageNotes: Readonly<Partial<Record<ExerciseProgress, string>>> = {
  'not checked yet': 'has not been checked yet',
  'not right yet': 'did not pass its last check',
  'changed since': 'has changed since its last check',
}

/**
 * Protects this process from the learner's code: if that hangs, throws or
 * exits, we release everything and end with a message.
 *
 * @returns a function that runs the stage and waits for it
 */
function guardProcess(
  chapter: number,
  file: string,
): (stage: OwnStageRun, kit: Kit) => Promise<unknown> {
  const hint = `npm run check ${chapter} names the trial in which it happens.`
  const stuck = `Your code has blocked the process for ${hangTimeout} seconds: it loops forever without an await. The process was killed, which your shell may report as "Killed". ${hint}`
  endWhenStuck(hangTimeout, wrapText(stuck, process.stderr.columns || 80).join('\n'))
  // The learner's console.log must not end up in a JSON document on standard
  // output.
  globalThis.console = new Console(process.stderr, process.stderr)

  let failStage: ((failure: Failure) => void) | undefined
  const stop = (why: string): void => {
    if (failStage) failStage(new Failure(why, 1, hint))
    else endProcess({ why, exitCode: 1 })
  }
  // When nothing is pending, Node exits without a word.
  process.once('beforeExit', () =>
    stop(
      failStage
        ? 'your stage never returned: it awaits a promise that nothing will settle'
        : 'your stage returned a promise that nothing will ever settle',
    ),
  )
  process.prependListener('uncaughtException', (error) => {
    const why = `${threwPrefix}: ${describeThrown(error, file)}`
    if (isFrom(error, file)) endProcess({ why, exitCode: 1 })
  })
  watchExit(file, (call) => stop(exitComplaint(describeThrown(call, file))))

  const reportHang = (isInSession: boolean): void => {
    // A session and a breakpoint may take any time.
    if (isInSession || debuggerUrl()) return
    const hangs = `your stage ${chapter} has not returned for ${hangTimeout} seconds`
    // In a raw terminal Ctrl-C is just a byte, and nothing reads it.
    if (chapter < rawModeChapter) process.stderr.write(`${hangs}; press Ctrl-C to stop\n`)
    else stop(hangs)
  }
  return async (stage, { terminal, ...kit }) => {
    let isInSession = chapter > rawModeChapter + 1
    const openInput: typeof terminal.openInput = () => {
      isInSession = true
      return terminal.openInput()
    }
    const failed = new Promise<never>((_, reject) => {
      failStage = reject
    })
    const hangTimer = setTimeout(() => reportHang(isInSession), hangTimeout * 1000)
    hangTimer.unref()
    const running = stage({ ...kit, terminal: { ...terminal, openInput } })
    return Promise.race([failed, running]).finally(() => {
      clearTimeout(hangTimer)
      failStage = undefined
    })
  }
}
