/**
 * Tries every place where an engine may listen, including those after the
 * engine that `npm run chapter` would use, and asks that engine for its API
 * version.
 *
 * @module
 */

import { homedir } from 'node:os'
import type { Scope } from '../course/scope.ts'
import { readAnswer } from '../engine/answer.ts'
import { isOlder, newestApiVersion } from '../engine/api-version.ts'
import { type DockerConfig, readDockerConfig } from '../engine/config-file.ts'
import { connectTo, type Engine, type EngineOptions } from '../engine/engine.ts'
import type { Address } from '../engine/parse-host.ts'
import type { Connect } from '../exec/exec-place.ts'
import { type Candidate, engineCandidates, tryCandidate } from '../find/candidates.ts'
import { describeEngine } from '../find/find-engine.ts'
import { codeOf, Failure } from '../process/failure.ts'
import { messageOf } from '../stream/http.ts'
import { type FailureName, failureOfError, notStartedFailures } from './failures.ts'
import { attempt, type DoctorObserver, type Finding, note, ok, problem, within } from './finding.ts'

/**
 * How long a check may take, in seconds. The chosen daemon may be far away.
 */
const timeouts = { chosen: 10, other: 20, version: 30 } as const

/** Older daemons lack the exec that the chapters teach. */
const oldestApiVersion = '1.24'

/** From this version on, create and start carry the window size. */
const sizeVersion = '1.42'

/** An engine that answers. */
export type AnsweringEngine = {
  readonly engine: Engine
  /** Connects to it again, with a recorder. */
  readonly connect: Connect
}

/** The result of trying every place. */
export type EngineSearchResult = {
  /** The engine that `npm run chapter` would use. */
  readonly found?: AnsweringEngine
  /** Whether the user chose a daemon. Then no other one replaces it. */
  readonly isChosen: boolean
}

/** Where to look, and how to connect. */
export type EngineSearch = EngineOptions & { readonly host: string | undefined }

/** Tries every place. `scope` holds the engine that a chapter would use. */
export async function examineEngines(
  search: EngineSearch,
  scope: Scope,
  watcher: DoctorObserver,
): Promise<EngineSearchResult> {
  watcher.part('Where engines may listen')
  const config = readDockerConfig(search.environment, (line) =>
    watcher.report(
      note('docker configuration', line.replace(/^WARNING: /, ''), {
        shared: 'config.json cannot be read; docker would continue without it',
      }),
    ),
  )
  watcher.report(examineChoice(search, config))
  const chosen = await tryChosen(search, config, watcher)
  const isChosen = chosen !== null
  let found = chosen ?? undefined
  let other: string | undefined
  for (const candidate of unchosenCandidates(search.environment, config)) {
    const isSettled = isChosen || found !== undefined
    const engine = await tryOther(candidate, config, search, isSettled, watcher)
    if (!engine) continue
    // A chapter uses the first engine that answers, but never replaces a
    // choice.
    if (!isSettled) found = toAnsweringEngine(engine, candidate.address, config, search)
    else {
      other ??= engine.host
      await engine.close()
    }
  }
  if (found) scope.hold('engine', found.engine, found.engine.close)
  else if (!isChosen)
    watcher.report(problem('engine', 'no engine answers', { failure: 'no-engine' }))
  else if (other !== undefined) {
    const answers = 'answers, but does not replace the chosen one'
    watcher.report(note('another engine', `${other} ${answers}`, { shared: `one ${answers}` }))
  }
  return { isChosen, ...(found && { found }) }
}

function toAnsweringEngine(
  engine: Engine,
  address: Address,
  config: DockerConfig,
  options: EngineOptions,
): AnsweringEngine {
  return { engine, connect: (record) => connectTo(address, config, { ...options, record }) }
}

/**
 * docker looks for a choice in four places, and silently uses the first one.
 */
function examineChoice(
  { environment, host }: EngineSearch,
  { currentContext }: DockerConfig,
): Finding {
  const choices = {
    '--host': host !== undefined,
    DOCKER_HOST: Boolean(environment.DOCKER_HOST),
    DOCKER_CONTEXT: Boolean(environment.DOCKER_CONTEXT),
    'the current context': currentContext !== '' && currentContext !== 'default',
  }
  const [winner, ...losers] = Object.entries(choices).flatMap(([name, isSet]) =>
    isSet ? [name] : [],
  )
  return losers.length > 0
    ? note('selected by', `${winner}; it takes precedence over ${losers.join(' and ')}`)
    : ok('selected by', winner ?? 'nothing, so a chapter uses the first engine that answers')
}

/**
 * Tries the chosen daemon. Null if there is no choice, undefined if it does
 * not answer.
 */
async function tryChosen(
  search: EngineSearch,
  config: DockerConfig,
  { report, trying }: DoctorObserver,
): Promise<AnsweringEngine | null | undefined> {
  let about = search.host === undefined ? 'the address' : '--host'
  try {
    const [candidate] = engineCandidates(search.environment, config, search.host)
    if (!candidate?.chosen) return null
    about = candidate.name.replace(/^the context .*/, 'the context')
    trying(`${about} at ${withoutUser(candidate.address.host)}`)
    const timeout = timeouts.chosen * 1000
    const connecting = tryCandidate(candidate, config, { ...search, timeout })
    const { engine } = await within(timeouts.chosen, connecting, ({ engine }) => {
      void engine?.close()
    })
    if (!engine) throw new Error('a chosen candidate has an engine or throws')
    // Any server may answer a HEAD. Only an engine reports its API version.
    const version = await within(timeouts.chosen, engine.request('GET', '/version'))
    if (!/"ApiVersion"/.test(version.body)) {
      await engine.close()
      throw new Failure(messageOf(version) || 'its answer is empty')
    }
    const what = describeEngine(engine)
    const shared = `${what}, over ${transportOf(candidate.address)}`
    report(ok(about, `${what}, at ${withoutUser(engine.host)}`, { shared }))
    return toAnsweringEngine(engine, candidate.address, config, search)
  } catch (error) {
    // A system error means an unreadable certificate. Any other error is a
    // bug of ours.
    if (!(error instanceof Failure) && codeOf(error) === '') throw error
    const failure = failureOfError(error)
    const message = withoutUser((error as Error).message.split('\n')[0] ?? '')
    const observed = failure === 'not-an-engine' ? 'the server is not an engine' : message
    report(problem(about, observed, { shared: 'no engine was reached', failure }))
    return undefined
  }
}

/** Returns the candidates as if the user had made no choice. */
function unchosenCandidates(environment: NodeJS.ProcessEnv, config: DockerConfig): Candidate[] {
  const { DOCKER_HOST, DOCKER_CONTEXT, ...rest } = environment
  return engineCandidates(rest, { ...config, currentContext: '' })
}

/**
 * Tries another place. `isSettled`: the user chose a daemon, or an engine has
 * answered already.
 */
async function tryOther(
  candidate: Candidate,
  config: DockerConfig,
  search: EngineSearch,
  isSettled: boolean,
  watcher: DoctorObserver,
): Promise<Engine | undefined> {
  const place = shortAddress(candidate.address, search.environment)
  const about = candidate.name
  // A chapter would fail here too, unless it does not look here at all.
  const failed = isSettled ? note : problem
  watcher.trying(`${about} at ${place}`)
  const result = await attempt(
    watcher,
    timeouts.other,
    () => tryCandidate(candidate, config, search),
    ({ message }) =>
      failed(about, `${message} (${place})`, { shared: message, failure: 'no-answer' }),
    ({ engine }) => void engine?.close(),
  )
  if (!result) return undefined
  const { engine, reason } = result
  if (engine) {
    const what = describeEngine(engine)
    watcher.report(ok(about, `${what}, at ${place}`, { shared: what }))
    return engine
  }
  const failure = failureOfReason(reason, about)
  const make = failure ? failed : note
  watcher.report(
    make(about, `${reason} (${place})`, { shared: reason, ...(failure && { failure }) }),
  )
  return undefined
}

function failureOfReason(reason: string, candidate: string): FailureName | undefined {
  if (reason === 'nothing there') return undefined
  if (reason === 'permission denied') return 'permission-denied'
  if (reason === 'nothing is listening')
    return notStartedFailures[candidate] ?? 'docker-not-started'
  return reason.startsWith('no answer') ? 'no-answer' : 'not-an-engine'
}

/**
 * Returns how to reach an address, without private details: `a socket`,
 * `TCP`, `TCP with TLS`, `ssh`.
 */
function transportOf(address: Address): string {
  if (address.kind === 'socket') return address.host.startsWith('npipe') ? 'a pipe' : 'a socket'
  if (address.kind === 'ssh') return 'ssh'
  return address.tls ? 'TCP with TLS' : 'TCP'
}

/**
 * Hides the user and password of an address: `tcp://ann:secret@host:2375`.
 */
export function withoutUser(text: string): string {
  return text.replace(/(\w+:\/\/)?[^\s"]*@/g, '$1***@')
}

/** Returns the path of a socket, with `~` for the home folder. */
function shortAddress(address: Address, environment: NodeJS.ProcessEnv): string {
  if (address.kind !== 'socket') return address.host
  const home = environment.HOME || homedir()
  return address.path.startsWith(`${home}/`) ? `~${address.path.slice(home.length)}` : address.path
}

type Version = {
  readonly Os?: string
  readonly ApiVersion?: unknown
  readonly MinAPIVersion?: unknown
}

/**
 * Asks an engine for its API version. Returns whether the chapters can use
 * it.
 */
export async function examineVersion(engine: Engine, watcher: DoctorObserver): Promise<boolean> {
  const version = await attempt(
    watcher,
    timeouts.version,
    async () => readAnswer<Version>(await engine.request('GET', '/version'), engine),
    (error) =>
      problem('API version', error.message, {
        shared: 'the daemon did not report its version',
        failure: failureOfError(error),
      }),
  )
  if (!version) return false
  const finding =
    version.Os === 'windows'
      ? problem('API version', 'Windows containers', { failure: 'windows-containers' })
      : judgeVersion(engine.apiVersion, textOf(version.ApiVersion), textOf(version.MinAPIVersion))
  watcher.report(finding)
  return finding.status !== 'problem'
}

/** A field that should be text, unless the daemon sent something else. */
function textOf(field: unknown): string | undefined {
  return typeof field === 'string' ? field : undefined
}

/** Compares the version that we use with those that the daemon supports. */
export function judgeVersion(spoken: string, newest = spoken, oldest = ''): Finding {
  const about = 'API version'
  const range = oldest ? `${oldest} to ${newest}` : `up to ${newest}`
  const observed = `we use ${spoken}; the daemon supports ${range}, the workbook up to ${newestApiVersion}`
  if (isOlder(spoken, oldestApiVersion) || isOlder(spoken, oldest)) {
    return problem(about, observed, { failure: 'api-version-refused' })
  }
  return isOlder(spoken, sizeVersion)
    ? note(about, `${observed}; below ${sizeVersion} a terminal starts without a size`)
    : ok(about, observed)
}
