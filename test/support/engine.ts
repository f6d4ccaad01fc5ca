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

/** Whether it is a dockerd, and not Podman. */
export function isDockerd({ name }: Engine): boolean {
  return name.startsWith('dockerd')
}

/**
 * Defines tests of what dockerd alone does, or of its words. On Podman they
 * are skipped, with the reason in their title.
 */
export function describeWithDockerd(title: string, body: (engine: Engine) => void): void {
  const engine = inject('engine')
  if ('reason' in engine || isDockerd(engine)) describeWithEngine(title, body)
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
  /** Removes it, even while it is running. Can be called twice. */
  readonly remove: () => Promise<void>
}

/**
 * Starts a container that sleeps. The test removes it:
 *
 * ```ts
 * const box = await startContainer()
 * onTestFinished(box.remove)
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
  const name = options.name ?? `wb-${engine.owner}-${randomBytes(4).toString('hex')}`
  const created = await callOrThrow(host, 'POST', `/containers/create?name=${name}`, {
    Image: engine.image,
    Cmd: ['/bin/sleep', '1000000'],
    Labels: {
      [labels.mark]: 'test',
      [labels.owner]: String(engine.owner),
      [labels.machine]: hostname(),
    },
    // PID 1 ignores SIGTERM, so without this a stop takes 10 s.
    StopSignal: 'SIGKILL',
    HostConfig: { NetworkMode: 'none' },
  })
  const { Id: id } = JSON.parse(created) as { Id: string }
  const remove = async (): Promise<void> => {
    await call(host, 'DELETE', `/containers/${id}?force=1&v=1`)
  }
  const change = (verb: string) => async (): Promise<void> => {
    await callOrThrow(host, 'POST', `/containers/${id}/${verb}`)
  }
  try {
    await callOrThrow(host, 'POST', `/containers/${id}/start`)
  } catch (error) {
    await remove()
    throw error
  }
  return { id, name, pause: change('pause'), stop: change('stop'), remove }
}

async function onlyContainer(host: string, name: string): Promise<Container> {
  const { Id } = JSON.parse(await callOrThrow(host, 'GET', `/containers/${name}/json`)) as {
    Id: string
  }
  const refuse = async (): Promise<void> => {
    throw new Error(`${name} is the only container of ${host}, so the tests don't change it.`)
  }
  return { id: Id, name, pause: refuse, stop: refuse, remove: async () => {} }
}
