/**
 * The daemon and the container that the runs of a chapter share, held until the learner leaves the
 * chapter or names another container.
 *
 * @module
 */

import { createScope } from '../course/scope.ts'
import { findPlace, type Place } from '../find/place.ts'
import { isStillRunning } from '../find/sandbox.ts'
import { unlessEnded } from '../process/ending.ts'
import { engineLines, sandboxLines } from '../show/place-lines.ts'
import { createRecorder } from '../tape/recorder.ts'
import { wrapText } from '../text/width.ts'
import { type GuideSession, say, warn } from './guide-session.ts'

/** A place, and how to leave it. */
export type HeldPlace = {
  readonly place: Place
  /** The container that the learner named, or undefined for a sandbox. */
  readonly container: string | undefined
  /** Closes the engine and removes the sandbox. */
  readonly leave: () => Promise<void>
}

/** Finds a daemon and a container. It says so first, because finding them can take a while. */
export async function holdPlace<First extends object>(
  { options, scope, page }: GuideSession<First>,
  container: string | undefined,
): Promise<HeldPlace> {
  say('', 'Looking for an engine ...')
  const inner = createScope()
  const held = scope.hold('place', inner, inner.releaseAll)
  const finding = findPlace({ ...options, container }, createRecorder(), inner, {
    engine: (found) => say(...engineLines(found, page)),
    sandbox: (name, image) => say(...sandboxLines(name, image, page)),
    warn,
  })
  const place = await unlessEnded(finding)
  return { place, container, leave: held.release }
}

/** Returns the same place, or a new one if our sandbox has been removed in the meantime. */
export async function renewPlace<First extends object>(
  session: GuideSession<First>,
  held: HeldPlace,
): Promise<HeldPlace> {
  const { engine, container, isSandbox } = held.place
  if (!isSandbox || (await isStillRunning(engine, container))) return held
  say('', ...wrapText(`${container} is gone: we make another one.`, session.page.width))
  await held.leave()
  return holdPlace(session, held.container)
}
