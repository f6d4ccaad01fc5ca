/**
 * Checks the daemons: their addresses, a session on the engine that a chapter
 * would use, and the practice daemon.
 *
 * Only this file imports the packages that talk to a daemon. It is loaded
 * after we know that they are installed, so the doctor can report missing
 * packages.
 *
 * @module
 */

import { setTimeout as wait } from 'node:timers/promises'
import type { Held, Scope } from '../course/scope.ts'
import { containerPath } from '../engine/answer.ts'
import { readDockerConfig } from '../engine/config-file.ts'
import { connectTo, type Engine, type EngineOptions } from '../engine/engine.ts'
import type { Connect } from '../exec/exec-place.ts'
import { createSandbox, type Sandbox } from '../find/sandbox.ts'
import { type PracticeDaemon, startPracticeDaemon } from '../practice/spawn.ts'
import { Failure } from '../process/failure.ts'
import { type AnsweringEngine, examineEngines, examineVersion } from './check-engines.ts'
import { type Course, examineSession } from './check-session.ts'
import type { FailureName } from './failures.ts'
import { attempt, type DoctorObserver, note, ok, problem, skipped, within } from './finding.ts'

/** The options of the command line for daemons, and the course. */
export type DaemonOptions = {
  /** The value of `--host`. */
  readonly host: string | undefined
  /** Whether to use the practice daemon, even if an engine is running. */
  readonly practice: boolean
  /** The value of `--image`. */
  readonly image: string | undefined
  /** Whether an image may be downloaded. */
  readonly pull: boolean
  /** The path of the practice daemon's main file. */
  readonly program: string
  /** Loads the course. */
  readonly course: () => Course
}

/** What a chapter can run on. */
export type Usable = {
  /** Whether a whole session worked on the engine. */
  readonly engine: boolean
  readonly practice: boolean
  /** Whether the practice daemon has pseudo-terminals. */
  readonly practiceTty: boolean
  /**
   * Whether `npm run chapter 1` falls back to the practice daemon on its own.
   */
  readonly practiceIsLast: boolean
}

/**
 * How long each step may take, in seconds: create or remove a container,
 * pull, start.
 */
const timeouts = { container: 60, pull: 600, practice: 30 } as const

/**
 * How often we check whether a container is gone, and the pause between
 * checks in milliseconds.
 */
const removalChecks = 20
const removalCheckInterval = 100

/** Checks the daemons. Returns what a chapter can run on. */
export async function examineDaemons(
  options: DaemonOptions,
  environment: NodeJS.ProcessEnv,
  scope: Scope,
  watcher: DoctorObserver,
): Promise<Usable> {
  // The search for engines reports on the configuration. Don't report it
  // again.
  const connecting: EngineOptions = { environment, warn: () => {} }
  if (options.practice) {
    watcher.part('Where engines may listen')
    watcher.report(skipped('engines', 'not needed with --practice'))
    const practice = await tryPractice(options, true, scope, watcher)
    return { engine: false, ...practice, practiceIsLast: false }
  }
  const search = { ...connecting, host: options.host }
  const { found, isChosen } = await examineEngines(search, scope, watcher)
  const engine = found ? await tryEngine(found, options, scope, watcher) : false
  const practice = await tryPractice(options, !engine, scope, watcher)
  return { engine, ...practice, practiceIsLast: !isChosen && !found }
}

/**
 * Creates a sandbox on an engine and runs a session in it. Returns whether it
 * works.
 */
async function tryEngine(
  { engine, connect }: AnsweringEngine,
  options: DaemonOptions,
  scope: Scope,
  watcher: DoctorObserver,
): Promise<boolean> {
  watcher.part('A session on the engine')
  if (!(await examineVersion(engine, watcher))) return false
  const sandbox = await makeSandbox(engine, options, scope, watcher)
  if (!sandbox) return false
  const place = { connect, container: sandbox.value.name, tty: true }
  const works = await examineSession(place, options.course(), scope, watcher)
  await removeSandbox(engine, sandbox, watcher)
  return works
}

/** Creates the sandbox that a chapter would create. */
async function makeSandbox(
  engine: Engine,
  { image, pull }: DaemonOptions,
  scope: Scope,
  watcher: DoctorObserver,
): Promise<Held<Sandbox> | undefined> {
  watcher.trying('a sandbox')
  let isMissing = false
  const choice = {
    ...(image !== undefined && { image }),
    mayPull: async (name: string) => {
      isMissing = true
      if (pull) watcher.progress(`downloading ${name}`)
      return pull
    },
    progress: watcher.progress,
  }
  const failureOf = ({ message }: Failure): FailureName => {
    if (/^cannot pull /.test(message)) return 'pull-failed'
    if (/has no shell to make/.test(message)) return 'image-without-shell'
    if (isMissing) return image === undefined ? 'no-image' : 'image-not-there'
    return 'sandbox-refused'
  }
  const sandbox = await attempt(
    watcher,
    pull ? timeouts.pull : timeouts.container,
    () => createSandbox(engine, choice, scope),
    (error) => {
      const failure = failureOf(error)
      const about = failure === 'sandbox-refused' ? 'sandbox' : 'image'
      return problem(about, error.message, { shared: 'not available', failure })
    },
    (late) => void late.release().catch(() => {}),
  )
  if (!sandbox) return undefined
  const { name, image: used } = sandbox.value
  // Any other image's name may reveal a registry or a company.
  const isPublic = /^(busybox|alpine)(:[\w.-]+)?$/.test(used)
  const shared = isPublic ? used : 'an image with a shell'
  watcher.report(ok('image', `${used}, ${isMissing ? 'downloaded' : 'already local'}`, { shared }))
  watcher.report(ok('sandbox', `${name} is running`))
  return sandbox
}

/** Removes it, and checks that it is gone. */
async function removeSandbox(
  engine: Engine,
  sandbox: Held<Sandbox>,
  watcher: DoctorObserver,
): Promise<void> {
  const { name } = sandbox.value
  const removed = await attempt(
    watcher,
    timeouts.container,
    async () => {
      await sandbox.release()
      // A daemon may answer before the container is gone.
      for (let tries = 0; tries < removalChecks; tries += 1) {
        const { status } = await engine.request('GET', `${containerPath(name)}/json`)
        if (status === 404) return ok('sandbox', 'removed; the daemon no longer knows it')
        await wait(removalCheckInterval)
      }
      throw new Failure('the daemon still knows it')
    },
    ({ message }) =>
      problem('sandbox', `${name}: ${message}`, {
        shared: 'it still exists',
        failure: 'sandbox-left',
      }),
  )
  if (removed) watcher.report(removed)
}

/**
 * Starts and stops the practice daemon. If no engine works, runs a session on
 * it.
 */
async function tryPractice(
  { program, course }: DaemonOptions,
  withSession: boolean,
  scope: Scope,
  watcher: DoctorObserver,
): Promise<Pick<Usable, 'practice' | 'practiceTty'>> {
  const about = 'practice daemon'
  watcher.part('The practice daemon')
  watcher.trying('the practice daemon')
  const started = await attempt(
    watcher,
    timeouts.practice,
    () => startPractice(program, scope),
    ({ message }) =>
      problem(about, message, {
        shared: 'did not start or did not answer',
        failure: 'practice-daemon-failed',
      }),
  )
  if (!started) return { practice: false, practiceTty: false }
  const { daemon, apiVersion, connect } = started
  const { container, hasTerminals: tty } = daemon.value
  watcher.report(
    tty
      ? ok(about, `running, API ${apiVersion}; its commands run on this machine, as you`)
      : note(
          about,
          `running, API ${apiVersion}; it has no pseudo-terminals, so only --no-tty works`,
        ),
  )
  const works =
    !withSession || (await examineSession({ connect, container, tty }, course(), scope, watcher))
  await within(timeouts.practice, daemon.release())
  watcher.report(ok(about, 'ended; its processes and its folder are gone'))
  return { practice: works, practiceTty: tty }
}

/** Starts it and asks for its API version. `scope` holds it. */
async function startPractice(
  program: string,
  scope: Scope,
): Promise<{ daemon: Held<PracticeDaemon>; apiVersion: string; connect: Connect }> {
  const started = await startPracticeDaemon({ program })
  const daemon = scope.hold('practice daemon', started, started.close)
  const { host } = started
  const address = { kind: 'socket', host, path: host.replace(/^(unix|npipe):\/\//, '') } as const
  const { DOCKER_API_VERSION, ...environment } = process.env
  const config = readDockerConfig(environment, () => {})
  const connect: Connect = (record) => connectTo(address, config, { environment, record })
  const engine = await connect()
  await engine.close()
  return { daemon, apiVersion: engine.apiVersion, connect }
}
