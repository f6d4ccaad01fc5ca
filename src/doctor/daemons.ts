/**
 * Everything about daemons: the ladder, a whole exec on the engine that a chapter would take, and
 * the practice daemon.
 *
 * Only this file leads to the packages that talk to a daemon. It is loaded when it is known that
 * they are installed, so that a doctor without them can still say so.
 *
 * @module
 */

import type { Scope } from '../course/scope.ts'
import type { Engine, EngineOptions } from '../engine/engine.ts'
import { examineEngine } from './check-engine.ts'
import { examineExec } from './check-exec.ts'
import { examineLadder, type Tried } from './check-ladder.ts'
import { endPractice, examinePractice } from './check-practice.ts'
import { examineSandbox, type ImageChoice, removeSandbox } from './check-sandbox.ts'
import type { Watcher } from './finding.ts'

/** What the command line says about daemons. */
export type DaemonOptions = ImageChoice & {
  /** The value of `--host`. */
  readonly host: string | undefined
  /** True for the practice daemon, whatever else there is. */
  readonly practice: boolean
  /** The path of the practice daemon's program. */
  readonly program: string
}

/** On what a chapter can be run. */
export type Usable = {
  /** A session worked on it, from the create to the exit code. */
  readonly engine: boolean
  readonly practice: boolean
  /** Whether the practice daemon has pseudo-terminals. */
  readonly practiceTty: boolean
  /** Whether `npm run chapter 1` comes down to the practice daemon by itself. */
  readonly practiceIsLast: boolean
}

/** Examines them. */
export async function examineDaemons(
  options: DaemonOptions,
  environment: NodeJS.ProcessEnv,
  scope: Scope,
  watcher: Watcher,
): Promise<Usable> {
  // The ladder reads the configuration and reports it; the others need not do so again.
  const connecting: EngineOptions = { environment, warn: () => {} }
  let tried: Tried = { isChosen: true }
  if (options.practice) {
    watcher.part('Where engines may be')
    watcher.tell({ about: 'engines', status: 'skipped', saw: '--practice asks for none' })
  } else {
    tried = await examineLadder({ ...connecting, host: options.host }, scope, watcher)
  }
  const engine = tried.engine ? await tryEngine(tried.engine, options, scope, watcher) : false
  const practice = await tryPractice(options.program, connecting, !engine, scope, watcher)
  return { engine, ...practice, practiceIsLast: !tried.isChosen && !tried.engine }
}

/** Makes a sandbox on an engine and runs an exec in it. Returns whether a session works. */
async function tryEngine(
  engine: Engine,
  options: ImageChoice,
  scope: Scope,
  watcher: Watcher,
): Promise<boolean> {
  watcher.part('A session on the engine')
  if (!(await examineEngine(engine, watcher))) return false
  const sandbox = await examineSandbox(engine, options, scope, watcher)
  if (!sandbox) return false
  const place = { engine, container: sandbox.value.name, tty: true }
  const works = await examineExec(place, scope, watcher)
  await removeSandbox(engine, sandbox, watcher)
  return works
}

/** Starts the practice daemon and ends it. Where it is all that there is, an exec is run on it. */
async function tryPractice(
  program: string,
  connecting: EngineOptions,
  withExec: boolean,
  scope: Scope,
  watcher: Watcher,
): Promise<Pick<Usable, 'practice' | 'practiceTty'>> {
  const practice = await examinePractice(program, connecting, scope, watcher)
  if (!practice) return { practice: false, practiceTty: false }
  const { container, hasTerminals: tty } = practice.daemon.value
  const works =
    !withExec || (await examineExec({ engine: practice.engine, container, tty }, scope, watcher))
  await endPractice(practice, watcher)
  return { practice: works, practiceTty: tty }
}
