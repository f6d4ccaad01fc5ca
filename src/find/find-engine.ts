/**
 * Finds the daemon for a walk, and says in a line which one it is and why that one.
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

/** A candidate that did not answer, and why. */
type FailedAttempt = { readonly name: string; readonly reason: string }

/**
 * Finds the daemon: the first candidate that answers, and the practice daemon if none does.
 *
 * @param scope - holds the connection, and the practice daemon
 * @throws a {@link Failure} if the daemon that the user has chosen does not answer
 */
export async function findEngine(
  choice: DaemonChoice,
  scope: Scope,
  options: EngineOptions,
): Promise<FoundEngine> {
  if (choice.practice) return startPractice(choice, 'as you asked', scope, options)
  const config = readDockerConfig(options.environment, options.warn)
  const { found, passed } = await firstEngineThatAnswers(choice.host, config, options).catch(
    (error: unknown) => {
      throw error instanceof Failure ? withPracticeHint(error) : error
    },
  )
  const whyNotBefore = describeFailedAttempt(passed)
  if (!found) {
    return startPractice(choice, `${whyNotBefore}; npm run doctor lists them`, scope, options)
  }

  const { engine, name } = found
  scope.hold('engine', engine, engine.close)
  const reason = whyNotBefore && `: ${whyNotBefore}`
  const banner = `${describeEngine(engine)}, found by ${name}${reason}`
  return { engine, banner, container: undefined }
}

/**
 * Connects to one candidate after the other, until one answers.
 *
 * @param host - the value of `--host`
 */
export async function firstEngineThatAnswers(
  host: string | undefined,
  config: DockerConfig,
  options: EngineOptions,
): Promise<{
  readonly found?: { readonly engine: Engine; readonly name: string }
  readonly passed: readonly FailedAttempt[]
}> {
  const passed: FailedAttempt[] = []
  for (const candidate of engineCandidates(options.environment, config, host)) {
    const { name } = candidate
    const { engine, reason } = await tryCandidate(candidate, config, options)
    if (engine) return { found: { engine, name }, passed }
    passed.push({ name, reason })
  }
  return { passed }
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

/** The practice daemon never replaces a choice that does not answer, but the hint may offer it. */
function withPracticeHint(failure: Failure): Failure {
  const practice = 'To go on without an engine, add --practice.'
  const hint = failure.hint ? `${failure.hint} ${practice}` : practice
  return new Failure(failure.message, failure.exitCode, hint)
}

/** `Docker 28.5.2, API 1.50`. */
export function describeEngine({ product, version, apiVersion }: Engine): string {
  // Podman's server calls itself by the name of its library.
  const name = product === 'Libpod' ? 'Podman' : product || 'an engine that does not say its name'
  return `${`${name} ${version}`.trim()}, API ${apiVersion}`
}

/** `the default socket: permission denied; no engine at 9 other places`. */
function describeFailedAttempt(passed: readonly FailedAttempt[]): string {
  if (passed.length === 0) return ''
  const nothing = 'nothing there'
  const telling = passed.filter(({ reason }) => reason !== nothing)
  const silent = passed.length - telling.length
  const parts = telling.map(({ name, reason }) => `${name}: ${reason}`)
  if (silent === 0) return parts.join('; ')
  const places = silent === 1 ? 'one place' : `${silent} places`
  return [...parts, `no engine at ${parts.length > 0 ? 'the other ' : ''}${places}`].join('; ')
}
