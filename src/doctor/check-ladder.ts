/**
 * Tries every rung of the ladder, also those below the one that `npm run chapter` would stop at.
 *
 * @module
 */

import { homedir } from 'node:os'
import type { Scope } from '../course/scope.ts'
import type { Address } from '../engine/address.ts'
import { type DockerConfig, readDockerConfig } from '../engine/config-file.ts'
import type { Engine, EngineOptions } from '../engine/engine.ts'
import { describeEngine } from '../find/find-engine.ts'
import { type Rung, rungs, tryRung } from '../find/ladder.ts'
import { codeOf, Failure } from '../process/failure.ts'
import { messageOf } from '../stream/http.ts'
import type { FailureName } from './failures.ts'
import { nameOfFailure, notStarted } from './failures.ts'
import type { Watcher } from './finding.ts'
import { within } from './time-limit.ts'

/** How long a daemon that was chosen has for its first answer, in seconds. It may be far away. */
const patience = 10

/** What came of all the rungs. */
export type Tried = {
  /** The engine that `npm run chapter` would take. */
  readonly engine?: Engine
  /** True where somebody has chosen a daemon: then no other one is taken in its place. */
  readonly isChosen: boolean
  /** The address of an engine that answers but is not the chosen one. */
  readonly other?: string
}

/** Tries them. An engine that is taken is held in `scope`. */
export async function examineLadder(
  options: EngineOptions & { readonly host: string | undefined },
  scope: Scope,
  watcher: Watcher,
): Promise<Tried> {
  watcher.part('Where engines may be')
  const config = readDockerConfig(options.environment, (line) =>
    watcher.tell({
      about: 'docker configuration',
      status: 'note',
      saw: line.replace(/^WARNING: /, ''),
      shared: 'the file config.json cannot be read, and docker would go on without it',
    }),
  )
  tellWhoWins(options.environment, config, options.host, watcher)
  const chosen = await tryChosen(options, config, watcher)
  if (chosen.engine) scope.hold('engine', chosen.engine, chosen.engine.close)

  let engine = chosen.engine
  let other: string | undefined
  for (const rung of unchosenRungs(options.environment, config)) {
    const isSettled = chosen.isChosen || engine !== undefined
    const found = await tryOther(rung, config, options, isSettled, watcher)
    if (!found) continue
    // Only the first engine that answers is taken, and none where there is a choice.
    if (isSettled) {
      other ??= found.host
      await found.close()
    } else {
      engine = found
      scope.hold('engine', engine, engine.close)
    }
  }
  if (!engine) tellNoEngine(chosen.isChosen, other, watcher)
  return { isChosen: chosen.isChosen, ...(engine && { engine }), ...(other && { other }) }
}

/** Docker looks at four places for a choice and takes the first one, without a word about the rest. */
function tellWhoWins(
  environment: NodeJS.ProcessEnv,
  config: DockerConfig,
  host: string | undefined,
  { tell }: Watcher,
): void {
  const choices = [
    { name: '--host', isSet: host !== undefined },
    { name: 'DOCKER_HOST', isSet: Boolean(environment.DOCKER_HOST) },
    { name: 'DOCKER_CONTEXT', isSet: Boolean(environment.DOCKER_CONTEXT) },
    { name: 'the current context', isSet: isRealContext(config.currentContext) },
  ].filter(({ isSet }) => isSet)
  const [winner, ...losers] = choices.map(({ name }) => name)
  tell({
    about: 'choice',
    status: losers.length > 0 ? 'note' : 'ok',
    saw:
      losers.length > 0
        ? `${winner}; it comes before ${losers.join(' and ')}`
        : (winner ?? 'none, so the first engine that answers is taken'),
  })
}

function isRealContext(name: string): boolean {
  return name !== '' && name !== 'default'
}

async function tryChosen(
  options: EngineOptions & { readonly host: string | undefined },
  config: DockerConfig,
  { tell, trying }: Watcher,
): Promise<{ readonly engine?: Engine; readonly isChosen: boolean }> {
  let about = options.host === undefined ? 'the choice' : '--host'
  try {
    const [rung] = rungs(options.environment, config, options.host)
    if (!rung?.chosen) return { isChosen: false }
    about = rung.name.replace(/^the context .*/, 'the context')
    trying(`${about} at ${withoutUser(rung.address.host)}`)
    const connecting = tryRung(rung, config, { ...options, patience: patience * 1000 })
    const { engine } = await within(patience, connecting, (late) => void late.engine?.close())
    if (!engine) throw new Error('a chosen rung has an engine or throws')
    // Whatever answers a HEAD was let through. Only an engine can say its version.
    const version = await within(patience, engine.request('GET', '/version'))
    if (!/"ApiVersion"/.test(version.body)) {
      await engine.close()
      throw new Failure(messageOf(version) || 'it answers with nothing')
    }
    tell({
      about,
      status: 'ok',
      saw: `${describeEngine(engine)}, at ${withoutUser(engine.host)}`,
      shared: `${describeEngine(engine)}, over ${wayTo(rung.address)}`,
    })
    return { engine, isChosen: true }
  } catch (error) {
    // A system error is a certificate that cannot be read. Anything else is a defect of ours.
    if (!(error instanceof Failure) && codeOf(error) === '') throw error
    const failure = nameOfFailure(error)
    const message = withoutUser((error as Error).message.split('\n')[0] ?? '')
    const named = about === 'the choice' ? 'the address' : about
    tell({
      about: named,
      status: 'problem',
      saw: failure === 'not-an-engine' ? 'what answers is no engine' : message,
      shared: 'no engine was reached',
      failure,
    })
    return { isChosen: true }
  }
}

/** The rungs that there would be if nobody had chosen. */
function unchosenRungs(environment: NodeJS.ProcessEnv, config: DockerConfig): Rung[] {
  const { DOCKER_HOST, DOCKER_CONTEXT, ...rest } = environment
  return rungs(rest, { ...config, currentContext: '' }, undefined)
}

/** Tries a rung that nobody has chosen. `isSettled`: an engine above it has answered, or is chosen. */
async function tryOther(
  rung: Rung,
  config: DockerConfig,
  options: EngineOptions,
  isSettled: boolean,
  { tell, trying }: Watcher,
): Promise<Engine | undefined> {
  const place = shortPlace(rung.address, options.environment)
  const about = rung.name
  trying(`${about} at ${place}`)
  const { engine, reason } = await within(2 * patience, tryRung(rung, config, options), (late) => {
    void late.engine?.close()
  }).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error
    return { engine: undefined, reason: 'no answer within 2 s' }
  })
  if (engine) {
    const what = describeEngine(engine)
    tell({ about, status: 'ok', saw: `${what}, at ${place}`, shared: what })
    return engine
  }
  const failure = failureOfReason(reason, about)
  tell({
    about,
    // Above an engine that answers the chapters would stumble over it too. Below one they never look.
    status: failure && !isSettled ? 'problem' : 'note',
    saw: `${reason}: ${place}`,
    shared: reason,
    ...(failure && { failure }),
  })
  return undefined
}

function failureOfReason(reason: string, rung: string): FailureName | undefined {
  if (reason === 'nothing there') return undefined
  if (reason === 'permission denied') return 'permission-denied'
  if (reason === 'nobody listens') return notStarted[rung] ?? 'docker-not-started'
  return reason.startsWith('no answer') ? 'no-answer' : 'not-an-engine'
}

function tellNoEngine(isChosen: boolean, other: string | undefined, { tell }: Watcher): void {
  if (isChosen) {
    if (other === undefined) return
    tell({
      about: 'another engine',
      status: 'note',
      saw: `${other} answers, and is not taken in place of the chosen one`,
      shared: 'one answers, and is not taken in place of the chosen one',
    })
    return
  }
  tell({ about: 'engine', status: 'problem', saw: 'none answers', failure: 'no-engine' })
}

/** `a socket`, `TCP`, `TCP with TLS`: what may be said of an address to anybody. */
function wayTo(address: Address): string {
  if (address.kind === 'socket') return address.host.startsWith('npipe') ? 'a pipe' : 'a socket'
  return address.tls ? 'TCP with TLS' : 'TCP'
}

/** An address may have a user and a password in it: `tcp://ann:secret@host:2375`. */
export function withoutUser(text: string): string {
  return text.replace(/(\w+:\/\/)?[^\s"]*@/g, '$1***@')
}

/** The path of a socket, with `~` for the home folder. */
function shortPlace(address: Address, environment: NodeJS.ProcessEnv): string {
  if (address.kind !== 'socket') return address.host
  const home = environment.HOME || homedir()
  return address.path.startsWith(`${home}/`) ? `~${address.path.slice(home.length)}` : address.path
}
