/**
 * The daemon and the container that all runs of a chapter share, held until
 * the learner leaves the chapter or chooses another container.
 *
 * @module
 */

import { createScope } from '../course/scope.ts'
import { describeEngine } from '../find/find-engine.ts'
import { findPlace, type Place } from '../find/place.ts'
import { daemonIsGone, whyNotRunning } from '../find/sandbox.ts'
import { unlessProcessEnds } from '../process/ending.ts'
import { warn } from '../process/failure.ts'
import { engineLines, sandboxLines } from '../show/place-lines.ts'
import { createRecorder } from '../tape/recorder.ts'
import { cutText, wrapText } from '../text/width.ts'
import { type GuideSession, printLines } from './guide-session.ts'

/** A place and a way to release it. */
export type HeldPlace = {
  readonly place: Place
  /** The container that the learner named, or undefined for a sandbox. */
  readonly container: string | undefined
  /** Closes the engine and removes the sandbox. */
  readonly release: () => Promise<void>
}

/**
 * Finds a daemon and a container. Prints a line first, because the search can
 * take a while.
 */
export async function holdPlace<First extends object>(
  session: GuideSession<First>,
  container: string | undefined,
): Promise<HeldPlace> {
  const { options, scope, page } = session
  printLines('', ...(session.shownEngineLines === undefined ? ['Looking for an engine ...'] : []))
  const inner = createScope()
  const held = scope.hold('place', inner, inner.releaseAll)
  const finding = findPlace({ ...options, container }, createRecorder(), inner, {
    engine(found) {
      // In full once, and again if the engine has changed.
      const isKnown = session.shownEngineLines === found.banner
      const short = cutText(`engine     ${describeEngine(found.engine)}`, page.width)
      printLines(...(isKnown ? [short] : engineLines(found, page)))
      session.shownEngineLines = found.banner
    },
    sandbox: (name, image) => printLines(...sandboxLines(name, image, page)),
    warn,
  })
  const place = await unlessProcessEnds(finding)
  return { place, container, release: held.release }
}

/**
 * Returns the same place, or a new one if our sandbox or our practice daemon
 * is gone. If the learner's own daemon stops answering, the next run reports
 * it.
 */
export async function renewPlace<First extends object>(
  session: GuideSession<First>,
  held: HeldPlace,
): Promise<HeldPlace> {
  const { engine, container, isSandbox, log } = held.place
  if (!isSandbox && !log) return held
  const why = await whyNotRunning(engine, container)
  if (why === undefined || (why === daemonIsGone && !log)) return held
  const what = log ? 'The practice daemon has stopped' : `The sandbox ${container} is gone`
  printLines('', ...wrapText(`${what}. Starting another one.`, session.page.width))
  await held.release()
  return holdPlace(session, held.container)
}
