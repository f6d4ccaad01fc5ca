/**
 * Finds the daemon for a walk, and says in a line which one it is and why that one.
 *
 * @module
 */

import type { Scope } from '../course/scope.ts'
import { readDockerConfig } from '../engine/config-file.ts'
import { connectTo, type Engine, type EngineOptions } from '../engine/engine.ts'
import { startPracticeDaemon } from '../practice/spawn.ts'
import { Failure } from '../process/failure.ts'
import { userName } from '../process/learner.ts'
import { type Attempt, climbDown } from './ladder.ts'

/** What the command line says about the daemon. */
export type DaemonChoice = {
  /** The value of `--host`. */
  readonly host: string | undefined
  /** True for the practice daemon, whatever else there is. */
  readonly practice: boolean
  /** What the practice daemon is to do wrong, by name. */
  readonly faults: readonly string[]
  /** The path of the practice daemon's program. */
  readonly program: string
}

/** A daemon to walk against. */
export type FoundEngine = {
  readonly engine: Engine
  /** `Docker 28.5.2, API 1.50, at the default socket`, and why it is this one. */
  readonly banner: string
  /** The container to use where the learner names none. Undefined where a sandbox is to be made. */
  readonly container: string | undefined
  /** The practice daemon's log, which grows. Undefined for other daemons, whose log is their own. */
  readonly log?: readonly string[]
}

/** Finds it. What has to be given back is held in `scope`. */
export async function findEngine(
  choice: DaemonChoice,
  scope: Scope,
  options: EngineOptions,
): Promise<FoundEngine> {
  if (choice.practice) return practise(choice, 'as you asked', scope, options)
  const found = await climbDown({ ...options, host: choice.host }).catch((error: unknown) => {
    throw error instanceof Failure ? withWayOut(error) : error
  })
  if (!found.engine) return practise(choice, whyNotHigher(found.passed), scope, options)

  const { engine, name, passed } = found
  scope.hold('engine', engine, engine.close)
  const reason = passed.length > 0 ? `: ${whyNotHigher(passed)}` : ''
  return {
    engine,
    banner: `${describeEngine(engine)}, found by ${name}${reason}`,
    container: undefined,
  }
}

/** Starts the practice daemon and connects to it. */
async function practise(
  { faults, program }: DaemonChoice,
  reason: string,
  scope: Scope,
  options: EngineOptions,
): Promise<FoundEngine> {
  const log: string[] = []
  const daemon = await startPracticeDaemon({ program, faults, log: (line) => log.push(line) })
  scope.hold('practice daemon', daemon, daemon.close)
  const config = readDockerConfig(options.environment, () => {})
  const path = daemon.host.replace(/^(unix|npipe):\/\//, '')
  const engine = await connectTo({ kind: 'socket', host: daemon.host, path }, config, options)
  scope.hold('engine', engine, engine.close)
  const harm = faults.length > 0 ? `, with the fault ${faults.join(', ')}` : ''
  return {
    engine,
    banner: [
      `practice daemon${harm}, API ${engine.apiVersion} (${reason})`,
      `It is not Docker: its commands run on this machine, as you (${userName()}), in an empty directory.`,
      ...(daemon.hasTerminals ? [] : ['It has no pseudo-terminals here: only --no-tty works.']),
    ].join('\n'),
    container: daemon.container,
    log,
  }
}

/** What stands below a choice that does not answer is never taken by itself, but it may be named. */
function withWayOut(failure: Failure): Failure {
  const wayOut = 'To go on without an engine, add --practice.'
  const hint = failure.hint ? `${failure.hint} ${wayOut}` : wayOut
  return new Failure(failure.message, failure.exitCode, hint)
}

/** `Docker 28.5.2, API 1.50`. */
export function describeEngine({ product, version, apiVersion }: Engine): string {
  // Podman's server calls itself by the name of its library.
  const name = product === 'Libpod' ? 'Podman' : product || 'an engine that does not say its name'
  return `${`${name} ${version}`.trim()}, API ${apiVersion}`
}

/** `no engine: the default socket: permission denied; nothing at 9 other places`. */
function whyNotHigher(passed: readonly Attempt[]): string {
  const nothing = 'nothing there'
  const telling = passed.filter(({ reason }) => reason !== nothing)
  const silent = passed.length - telling.length
  const parts = telling.map(({ rung, reason }) => `${rung.name}: ${reason}`)
  if (silent === 0) return parts.join('; ')
  const places = silent === 1 ? 'one place' : `${silent} places`
  return [...parts, `nothing at ${parts.length > 0 ? 'the other ' : ''}${places}`].join('; ')
}
