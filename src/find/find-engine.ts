/**
 * Finds the daemon for a walk, and explains the choice in one line.
 *
 * @module
 */

import type { Scope } from '../course/scope.ts'
import { type DockerConfig, readDockerConfig } from '../engine/config-file.ts'
import { connectTo, type Engine, type EngineOptions } from '../engine/engine.ts'
import { startPracticeDaemon } from '../practice/spawn.ts'
import { Failure } from '../process/failure.ts'
import { userName } from '../process/learner.ts'
import { engineCandidates, tryCandidate } from './candidates.ts'

/** The options of the command line that choose the daemon. */
export type DaemonChoice = {
  /** The value of `--host`. */
  readonly host: string | undefined
  /** Whether to use the practice daemon, even if an engine is running. */
  readonly practice: boolean
  /** The faults of the practice daemon, by name. */
  readonly faults: readonly string[]
  /** The path of the practice daemon's main file. */
  readonly program: string
}

/** The daemon to use. */
export type FoundEngine = {
  readonly engine: Engine
  /**
   * `Docker 28.5.2, API 1.50`, where we found it, and why we took this one.
   */
  readonly banner: string
  /**
   * The practice daemon's container. Undefined for an engine, which needs a
   * sandbox.
   */
  readonly container: string | undefined
  /** The practice daemon's log, which grows. Undefined for other daemons. */
  readonly log?: readonly string[]
}

/** A candidate that did not answer, and the reason. */
type FailedAttempt = { readonly name: string; readonly reason: string }

/**
 * Finds the daemon: the first candidate that answers, or else the practice
 * daemon.
 *
 * @param scope - holds the connection and the practice daemon
 * @throws a {@link Failure} if the daemon that the user has chosen does not
 * answer
 */
export async function findEngine(
  choice: DaemonChoice,
  scope: Scope,
  options: EngineOptions,
): Promise<FoundEngine> {
  if (choice.practice) return startPractice(choice, 'as you asked', scope, options)
  const config = readDockerConfig(options.environment, options.warn)
  const { found, attempts } = await firstEngineThatAnswers(choice.host, config, options).catch(
    (error: unknown) => {
      throw error instanceof Failure ? withPracticeHint(error) : error
    },
  )
  const failedAttempts = describeFailedAttempt(attempts)
  if (!found) {
    return startPractice(choice, `${failedAttempts}; npm run doctor lists them`, scope, options)
  }

  const { engine, name } = found
  scope.hold('engine', engine, engine.close)
  const reason = failedAttempts && `: ${failedAttempts}`
  const banner = `${describeEngine(engine)}, found through ${name}${reason}`
  return { engine, banner, container: undefined }
}

/**
 * Tries the candidates in order and connects to the first one that answers.
 *
 * @param host - the value of `--host`
 */
export async function firstEngineThatAnswers(
  host: string | undefined,
  config: DockerConfig,
  options: EngineOptions,
): Promise<{
  readonly found?: { readonly engine: Engine; readonly name: string }
  readonly attempts: readonly FailedAttempt[]
}> {
  const attempts: FailedAttempt[] = []
  for (const candidate of engineCandidates(options.environment, config, host)) {
    const { name } = candidate
    const { engine, reason } = await tryCandidate(candidate, config, options)
    if (engine) return { found: { engine, name }, attempts }
    attempts.push({ name, reason })
  }
  return { attempts }
}

/** Starts the practice daemon and connects to it. */
async function startPractice(
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
  const faultNote = faults.length > 0 ? `, with the fault ${faults.join(', ')}` : ''
  return {
    engine,
    banner: [
      `practice daemon${faultNote}, API ${engine.apiVersion} (${reason})`,
      `It is not Docker: its commands run on this machine, as you (${userName()}), in an empty directory, and can reach all that you can.`,
      ...(daemon.hasTerminals
        ? []
        : ['It has no pseudo-terminals on this system, so only --no-tty works.']),
    ].join('\n'),
    container: daemon.container,
    log,
  }
}

/**
 * Adds a hint about --practice. The practice daemon never replaces a chosen
 * daemon on its own.
 */
function withPracticeHint(failure: Failure): Failure {
  const practice = 'To continue without an engine, add --practice.'
  const hint = failure.hint ? `${failure.hint} ${practice}` : practice
  return new Failure(failure.message, failure.exitCode, hint)
}

/** `Docker 28.5.2, API 1.50`. */
export function describeEngine({ product, version, apiVersion }: Engine): string {
  // Podman's server reports the name of its library.
  const name = product === 'Libpod' ? 'Podman' : product || 'an unnamed engine'
  return `${`${name} ${version}`.trim()}, API ${apiVersion}`
}

/** `the default socket: permission denied; no engine at 9 other places`. */
function describeFailedAttempt(attempts: readonly FailedAttempt[]): string {
  if (attempts.length === 0) return ''
  const nothing = 'nothing there'
  const withReason = attempts.filter(({ reason }) => reason !== nothing)
  const absentCount = attempts.length - withReason.length
  const parts = withReason.map(({ name, reason }) => `${name}: ${reason}`)
  if (absentCount === 0) return parts.join('; ')
  const places = absentCount === 1 ? 'one place' : `${absentCount} places`
  return [...parts, `no engine at ${parts.length > 0 ? 'the other ' : ''}${places}`].join('; ')
}
