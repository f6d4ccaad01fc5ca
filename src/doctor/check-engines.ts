/**
 * Tries every place where an engine may be, including those after the one that `npm run chapter`
 * would take, and asks that one which API it speaks.
 *
 * @module
 */

import { homedir } from 'node:os'
import type { Scope } from '../course/scope.ts'
import { readAnswer } from '../engine/answer.ts'
import { type DockerConfig, readDockerConfig } from '../engine/config-file.ts'
import { connectTo, type Engine, type EngineOptions, newestApiVersion } from '../engine/engine.ts'
import type { Address } from '../engine/parse-host.ts'
import type { Connect } from '../exec/exec-place.ts'
import { type Candidate, engineCandidates, tryCandidate } from '../find/candidates.ts'
import { describeEngine } from '../find/find-engine.ts'
import { codeOf, Failure } from '../process/failure.ts'
import { messageOf } from '../stream/http.ts'
import { type FailureName, nameOfFailure, notStarted } from './failures.ts'
import {
  attempt,
  type DoctorObserver,
  type Finding,
  isOlder,
  note,
  ok,
  problem,
  within,
} from './finding.ts'

/** How long the chosen daemon, which may be far away, and any other one may take, in seconds. */
const timeouts = { chosen: 10, other: 20, version: 30 } as const

/** Older daemons have no exec as the chapters teach it. */
const oldestApiVersion = '1.24'

/** From this version on the create and the start carry the size of the window. */
const sizeVersion = '1.42'

/** An engine that answers. */
export type Answering = {
  readonly engine: Engine
  /** Connects to it once more, with a recorder. */
  readonly connect: Connect
}

/** The result of trying every place. */
export type Tried = {
  /** The engine that `npm run chapter` would take. */
  readonly found?: Answering
  /** Whether the user has chosen a daemon: then no other one replaces it. */
  readonly isChosen: boolean
}

/** Where to look, and how to connect. */
export type Search = EngineOptions & { readonly host: string | undefined }

/** Tries them all. `scope` holds the engine that is taken. */
export async function examineEngines(
  search: Search,
  scope: Scope,
  watcher: DoctorObserver,
): Promise<Tried> {
  watcher.part('Where engines may be')
  const config = readDockerConfig(search.environment, (line) =>
    watcher.report(
      note('docker configuration', line.replace(/^WARNING: /, ''), {
        shared: 'config.json cannot be read, and docker would continue without it',
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
    // A chapter takes the first engine that answers, and never one in place of a choice.
    if (!isSettled) found = answering(engine, candidate.address, config, search)
    else {
      other ??= engine.host
      await engine.close()
    }
  }
  if (found) scope.hold('engine', found.engine, found.engine.close)
  else if (!isChosen) watcher.report(problem('engine', 'none answers', { failure: 'no-engine' }))
  else if (other !== undefined) {
    const answers = 'answers, but does not replace the chosen one'
    watcher.report(note('another engine', `${other} ${answers}`, { shared: `one ${answers}` }))
  }
  return { isChosen, ...(found && { found }) }
}

function answering(
  engine: Engine,
  address: Address,
  config: DockerConfig,
  options: EngineOptions,
): Answering {
  return { engine, connect: (record) => connectTo(address, config, { ...options, record }) }
}

/** Docker looks for a choice in four places and takes the first one, without mentioning the rest. */
function examineChoice({ environment, host }: Search, { currentContext }: DockerConfig): Finding {
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
    ? note('choice', `${winner}; it takes precedence over ${losers.join(' and ')}`)
    : ok('choice', winner ?? 'none, so a chapter takes the first engine that answers')
}

/** Tries the chosen daemon. Null if there is no choice, undefined if it does not answer. */
async function tryChosen(
  search: Search,
  config: DockerConfig,
  { report: tell, trying }: DoctorObserver,
): Promise<Answering | null | undefined> {
  let about = search.host === undefined ? 'the address' : '--host'
  try {
    const [candidate] = engineCandidates(search.environment, config, search.host)
    if (!candidate?.chosen) return null
    about = candidate.name.replace(/^the context .*/, 'the context')
    trying(`${about} at ${withoutUser(candidate.address.host)}`)
    const patience = timeouts.chosen * 1000
    const connecting = tryCandidate(candidate, config, { ...search, timeout: patience })
    const { engine } = await within(timeouts.chosen, connecting, ({ engine }) => {
      void engine?.close()
    })
    if (!engine) throw new Error('a chosen candidate has an engine or throws')
    // Any server answers a HEAD. Only an engine knows its API version.
    const version = await within(timeouts.chosen, engine.request('GET', '/version'))
    if (!/"ApiVersion"/.test(version.body)) {
      await engine.close()
      throw new Failure(messageOf(version) || 'its answer is empty')
    }
    const what = describeEngine(engine)
    const shared = `${what}, over ${wayTo(candidate.address)}`
    tell(ok(about, `${what}, at ${withoutUser(engine.host)}`, { shared }))
    return answering(engine, candidate.address, config, search)
  } catch (error) {
    // A system error is a certificate that cannot be read. Any other one is a defect of ours.
    if (!(error instanceof Failure) && codeOf(error) === '') throw error
    const failure = nameOfFailure(error)
    const message = withoutUser((error as Error).message.split('\n')[0] ?? '')
    const saw = failure === 'not-an-engine' ? 'the server is not an engine' : message
    tell(problem(about, saw, { shared: 'no engine was reached', failure }))
    return undefined
  }
}

/** The candidates that there would be without a choice. */
function unchosenCandidates(environment: NodeJS.ProcessEnv, config: DockerConfig): Candidate[] {
  const { DOCKER_HOST, DOCKER_CONTEXT, ...rest } = environment
  return engineCandidates(rest, { ...config, currentContext: '' })
}

/** Tries another place. `isSettled`: there is a choice, or an engine has answered before. */
async function tryOther(
  candidate: Candidate,
  config: DockerConfig,
  search: Search,
  isSettled: boolean,
  watcher: DoctorObserver,
): Promise<Engine | undefined> {
  const place = shortPlace(candidate.address, search.environment)
  const about = candidate.name
  // A chapter would fail here as well, unless it does not look here at all.
  const failed = isSettled ? note : problem
  watcher.trying(`${about} at ${place}`)
  const result = await attempt(
    watcher,
    timeouts.other,
    () => tryCandidate(candidate, config, search),
    ({ message }) =>
      failed(about, `${message}: ${place}`, { shared: message, failure: 'no-answer' }),
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
    make(about, `${reason}: ${place}`, { shared: reason, ...(failure && { failure }) }),
  )
  return undefined
}

function failureOfReason(reason: string, candidate: string): FailureName | undefined {
  if (reason === 'nothing there') return undefined
  if (reason === 'permission denied') return 'permission-denied'
  if (reason === 'nobody listens') return notStarted[candidate] ?? 'docker-not-started'
  return reason.startsWith('no answer') ? 'no-answer' : 'not-an-engine'
}

/** `a socket`, `TCP`, `TCP with TLS`: what everyone may know of an address. */
function wayTo(address: Address): string {
  if (address.kind === 'socket') return address.host.startsWith('npipe') ? 'a pipe' : 'a socket'
  return address.tls ? 'TCP with TLS' : 'TCP'
}

/** Hides a user and a password in an address: `tcp://ann:secret@host:2375`. */
export function withoutUser(text: string): string {
  return text.replace(/(\w+:\/\/)?[^\s"]*@/g, '$1***@')
}

/** The path of a socket, with `~` for the home folder. */
function shortPlace(address: Address, environment: NodeJS.ProcessEnv): string {
  if (address.kind !== 'socket') return address.host
  const home = environment.HOME || homedir()
  return address.path.startsWith(`${home}/`) ? `~${address.path.slice(home.length)}` : address.path
}

type Version = {
  readonly Os?: string
  readonly ApiVersion?: string
  readonly MinAPIVersion?: string
}

/** Asks an engine which API it speaks. Returns whether the chapters can use it. */
export async function examineVersion(engine: Engine, watcher: DoctorObserver): Promise<boolean> {
  const version = await attempt(
    watcher,
    timeouts.version,
    async () => readAnswer<Version>(await engine.request('GET', '/version'), engine),
    (error) =>
      problem('API version', error.message, {
        shared: 'the daemon did not report its version',
        failure: nameOfFailure(error),
      }),
  )
  if (!version) return false
  const finding =
    version.Os === 'windows'
      ? problem('API version', 'Windows containers', { failure: 'windows-containers' })
      : judgeVersion(engine.apiVersion, version.ApiVersion, version.MinAPIVersion)
  watcher.report(finding)
  return finding.status !== 'problem'
}

/** Compares the version that we speak with those that the daemon speaks. */
export function judgeVersion(spoken: string, newest = spoken, oldest = ''): Finding {
  const about = 'API version'
  const range = oldest ? `${oldest} to ${newest}` : `up to ${newest}`
  const saw = `we use ${spoken}; the daemon supports ${range}, the workbook up to ${newestApiVersion}`
  if (isOlder(spoken, oldestApiVersion) || isOlder(spoken, oldest)) {
    return problem(about, saw, { failure: 'api-version-refused' })
  }
  return isOlder(spoken, sizeVersion)
    ? note(about, `${saw}; below ${sizeVersion} a terminal starts without a size`)
    : ok(about, saw)
}
