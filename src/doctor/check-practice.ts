/**
 * Starts the practice daemon: what is left where no engine is.
 *
 * @module
 */

import type { Held, Scope } from '../course/scope.ts'
import { readDockerConfig } from '../engine/config-file.ts'
import { connectTo, type Engine, type EngineOptions } from '../engine/engine.ts'
import { type PracticeDaemon, startPracticeDaemon } from '../practice/spawn.ts'
import { Failure } from '../process/failure.ts'
import type { Watcher } from './finding.ts'
import { within } from './time-limit.ts'

/** How long it may take to come up, in seconds. It takes one. */
const patience = 30

/** A practice daemon that answers. */
export type Practice = {
  readonly daemon: Held<PracticeDaemon>
  readonly engine: Engine
}

/** Starts one and asks who it is. It is held in `scope`. Undefined where it does not work. */
export async function examinePractice(
  program: string,
  options: EngineOptions,
  scope: Scope,
  watcher: Watcher,
): Promise<Practice | undefined> {
  watcher.part('The practice daemon')
  watcher.trying('the practice daemon')
  try {
    const starting = startPracticeDaemon({ program })
    const started = await within(patience, starting, (late) => void late.close())
    const daemon = scope.hold('practice daemon', started, started.close)
    const path = started.host.replace(/^(unix|npipe):\/\//, '')
    const address = { kind: 'socket', host: started.host, path } as const
    const config = readDockerConfig(options.environment, () => {})
    const { DOCKER_API_VERSION, ...environment } = options.environment
    const engine = await within(patience, connectTo(address, config, { environment }))
    scope.hold('engine', engine, engine.close)
    watcher.tell({
      about: 'practice daemon',
      status: started.hasTerminals ? 'ok' : 'note',
      saw: started.hasTerminals
        ? `runs, API ${engine.apiVersion}; its commands run on this machine, as you`
        : `runs, API ${engine.apiVersion}; without pseudo-terminals, so only --no-tty works`,
    })
    return { daemon, engine }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    watcher.tell({
      about: 'practice daemon',
      status: 'problem',
      saw: error.message,
      shared: 'it did not start, or did not answer',
      failure: 'practice-daemon-failed',
    })
    return undefined
  }
}

/** Ends it, and says so. */
export async function endPractice(
  { daemon, engine }: Practice,
  { tell }: Pick<Watcher, 'tell'>,
): Promise<void> {
  await engine.close()
  await daemon.release()
  tell({ about: 'practice daemon', status: 'ok', saw: 'ended, with its processes and its folder' })
}
