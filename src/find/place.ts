/**
 * The place where chapters run: a daemon and a container on it. One place
 * serves many runs, so repeating a run does not need a second sandbox.
 *
 * @module
 */

import type { Scope } from '../course/scope.ts'
import type { EngineOptions } from '../engine/engine.ts'
import type { Recorder } from '../tape/recorder.ts'
import { type DaemonChoice, type FoundEngine, findEngine } from './find-engine.ts'
import { createSandbox, type SandboxOptions } from './sandbox.ts'

/** The learner's choices about the place. */
export type PlaceOptions = {
  readonly daemon: DaemonChoice
  /** The container that the learner named, or undefined for a sandbox. */
  readonly container: string | undefined
  readonly sandbox: Omit<SandboxOptions, 'progress'>
}

/** Callbacks for the steps of finding a place. */
export type PlaceWatcher = {
  /** The daemon answered. */
  readonly engine: (found: FoundEngine) => void
  /** A sandbox was created from an image. */
  readonly sandbox: (name: string, image: string) => void
  /** Receives a line about a slow step, or a warning. */
  readonly warn: (line: string) => void
}

/** A daemon and a container. */
export type Place = Pick<FoundEngine, 'engine' | 'log'> & {
  readonly container: string
  /** Whether we created the container. Then we also remove it. */
  readonly isSandbox: boolean
  /** Records all traffic to this daemon. */
  readonly recorder: Recorder
}

/**
 * Finds the daemon, and creates a sandbox if no container is named. `scope`
 * holds both.
 */
export async function findPlace(
  options: PlaceOptions,
  recorder: Recorder,
  scope: Scope,
  watcher: PlaceWatcher,
): Promise<Place> {
  const connecting: EngineOptions = {
    environment: process.env,
    warn: watcher.warn,
    record: recorder,
  }
  const found = await findEngine(options.daemon, scope, connecting)
  watcher.engine(found)
  const { engine, log } = found
  const here = { engine, recorder, ...(log && { log }) }
  const named = options.container ?? found.container
  if (found.container !== undefined && named !== found.container) {
    watcher.warn(
      `The practice daemon has only one container, ${found.container}. It has no ${named}.`,
    )
  }
  if (named !== undefined) return { ...here, container: named, isSandbox: false }

  const progress = watcher.warn
  const { value: sandbox } = await createSandbox(engine, { ...options.sandbox, progress }, scope)
  watcher.sandbox(sandbox.name, sandbox.image)
  return { ...here, container: sandbox.name, isSandbox: true }
}
