/**
 * The engine that the tests run against, and containers on it.
 *
 * `test/support/global-setup.ts` finds or starts it once per run. Tests
 * access it through this module.
 *
 * @module
 */

import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { describe, inject, test } from 'vitest'
import { call, callOrThrow } from './api.ts'
import type { Obstacle } from './daemon.ts'

/** An engine to test against. */
export type Engine = {
  /** Its address, in the form of DOCKER_HOST. */
  readonly host: string
  /**
   * Whether it was running already, or we started it and stop it after the
   * run.
   */
  readonly how: 'found' | 'started'
  /** An image with a shell and busybox's applets. */
  readonly image: string
  /**
   * Its only container, if it can't create others: WORKBOOK_CONTAINER names it. The matrix tests
   * the practice daemon with that.
   */
  readonly container?: string
  /** The newest API version that it supports, such as `1.41`. */
  readonly apiVersion: string
  /** Its version, such as `20.10.24`. */
  readonly version: string
  /** Its name on record, such as `dockerd 20.10`. */
  readonly name: string
  /** Whether it has cgroups, which limits and pauses need. */
  readonly hasCgroups: boolean
  /** The pid of the test run that owns the containers. */
  readonly owner: number
}

declare module 'vitest' {
  interface ProvidedContext {
    engine: Engine | Obstacle
  }
}

/** The labels that mark the tests' containers and their owner. */
export const labels = {
  mark: 'docker-exec-workbook',
  owner: 'docker-exec-workbook.owner',
  machine: 'docker-exec-workbook.machine',
} as const

/**
 * Whether tests that need an engine fail without one, instead of being
 * skipped.
 */
export function isEngineRequired(): boolean {
  return process.env.WORKBOOK_REQUIRE_ENGINE === '1'
}

/**
 * Defines tests that need an engine. Without one they are skipped, with the
 * reason in their title; if WORKBOOK_REQUIRE_ENGINE is 1, they fail.
 */
export function describeWithEngine(title: string, body: (engine: Engine) => void): void {
  const engine = inject('engine')
  if (!('reason' in engine)) {
    describe(title, () => body(engine))
    return
  }
  describe(`${title} (no engine: ${engine.reason})`, () => {
    if (!isEngineRequired()) {
      test.skip('needs an engine', () => {})
      return
    }
    test('needs an engine', () => {
      throw new Error(`${engine.reason}\nFix: ${engine.fix}`)
    })
  })
}

/** The reason to skip a test that pauses or limits a container. */
export const noCgroups =
  'this engine cannot pause or limit a container: without root, it needs cgroups of version 2'

/**
 * Returns what a workbook wrote to stderr without the notice that the engine
 * ignores limits. With cgroups, that notice would be a mistake.
 */
export function withoutLimitsNotice({ hasCgroups }: Engine, stderr: string): string {
  if (hasCgroups) return stderr
  return stderr.replace(/^The sandbox runs without a limit on [^:]+: the engine\s+ignored it\n/, '')
}

/** Whether it is Podman, and not dockerd or a practice daemon. */
export function isPodman({ name }: Engine): boolean {
  return name.startsWith('Podman')
}

/**
 * Defines tests of what dockerd alone does, or of its words. On Podman they
 * are skipped, with the reason in their title.
 */
export function describeWithDockerd(title: string, body: (engine: Engine) => void): void {
  const engine = inject('engine')
  if ('reason' in engine || engine.name.startsWith('dockerd')) describeWithEngine(title, body)
  else
    describe(`${title} (needs dockerd, not ${engine.name})`, () => {
      test.skip('needs dockerd', () => {})
    })
}

/** A container for tests. */
export type Container = {
  readonly id: string
  readonly name: string
  readonly pause: () => Promise<void>
  readonly stop: () => Promise<void>
  readonly remove: () => Promise<void>
  /**
   * Gives it back. Another test may get it if this one left nothing behind in
   * it; otherwise it is removed, even while it is running.
   */
  readonly release: () => Promise<void>
}

/** Running containers that were given back. */
const free: { readonly id: string; readonly name: string }[] = []

/**
 * Starts a container that sleeps, or takes one that was given back. The test
 * releases it:
 *
 * ```ts
 * const box = await startContainer()
 * onTestFinished(box.release)
 * ```
 *
 * Forgotten containers are removed at the end of the run. Those of a killed run are removed
 * at the start of the next one.
 */
export async function startContainer(options: { readonly name?: string } = {}): Promise<Container> {
  const engine = inject('engine')
  if ('reason' in engine) throw new Error(`A container needs an engine: ${engine.reason}`)
  const { host } = engine
  if (engine.container !== undefined) return onlyContainer(host, engine.container)
  const reused = options.name === undefined ? free.pop() : undefined
  const { id, name } = reused ?? (await startNew(engine, options.name))
  const change = (verb: string) => async (): Promise<void> => {
    await callOrThrow(host, 'POST', `/containers/${id}/${verb}`)
  }
  const remove = async (): Promise<void> => {
    await call(host, 'DELETE', `/containers/${id}?force=1&v=1`)
  }
  let isReleased = false
  const release = async (): Promise<void> => {
    if (isReleased) return
    isReleased = true
    if (options.name === undefined && (await isAsNew(host, id))) free.push({ id, name })
    else await remove()
  }
  return { id, name, pause: change('pause'), stop: change('stop'), remove, release }
}

async function startNew(
  { host, image, owner }: Engine,
  name = `wb-${owner}-${randomBytes(4).toString('hex')}`,
): Promise<{ id: string; name: string }> {
  const created = await callOrThrow(host, 'POST', `/containers/create?name=${name}`, {
    Image: image,
    Cmd: ['/bin/sleep', '1000000'],
    Labels: {
      [labels.mark]: 'test',
      [labels.owner]: String(owner),
      [labels.machine]: hostname(),
    },
    // PID 1 ignores SIGTERM, so without this a stop takes 10 s.
    StopSignal: 'SIGKILL',
    // As in a sandbox.
    NetworkDisabled: true,
    HostConfig: { NetworkMode: 'none' },
  })
  const { Id: id } = JSON.parse(created) as { Id: string }
  try {
    await callOrThrow(host, 'POST', `/containers/${id}/start`)
  } catch (error) {
    await call(host, 'DELETE', `/containers/${id}?force=1&v=1`)
    throw error
  }
  return { id, name }
}

/**
 * Whether a container is running, without any process, exec or file that was
 * not in it at its start.
 */
async function isAsNew(host: string, id: string): Promise<boolean> {
  const ask = async (name: string) => {
    const { status, body } = await call(host, 'GET', `/containers/${id}/${name}`)
    return status === 200 ? JSON.parse(body) : undefined
  }
  const container = await ask('json')
  if (!container?.State.Running || container.State.Paused || container.ExecIDs?.length) return false
  // Podman answers these with nothing for a container that is not running.
  const [processes, changes] = await Promise.all([ask('top'), ask('changes')])
  return processes?.Processes?.length === 1 && !changes?.length
}

async function onlyContainer(host: string, name: string): Promise<Container> {
  const { Id } = JSON.parse(await callOrThrow(host, 'GET', `/containers/${name}/json`)) as {
    Id: string
  }
  const refuse = async (): Promise<void> => {
    throw new Error(`${name} is the only container of ${host}, so the tests don't change it.`)
  }
  return { id: Id, name, pause: refuse, stop: refuse, remove: refuse, release: async () => {} }
}
