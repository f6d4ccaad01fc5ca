/**
 * The engine that the tests run against, and containers on it.
 *
 * `test/support/global-setup.ts` finds or starts it once for a whole run; a test gets at it
 * through this module.
 *
 * @module
 */

import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { describe, inject, test } from 'vitest'
import { call, callOrThrow } from './api.ts'
import type { Hindrance } from './daemon.ts'

/** An engine to test against. */
export type Engine = {
  /** Its address, as DOCKER_HOST has it. */
  readonly host: string
  /** Whether it was there already, or is ours and ends with the run. */
  readonly how: 'found' | 'started'
  /** An image on it with a shell and busybox's applets. */
  readonly image: string
  /** The newest API version that it speaks, such as `1.41`. */
  readonly apiVersion: string
  /** Its own version, such as `20.10.24`. */
  readonly version: string
  /** The process that the containers of this run belong to. */
  readonly owner: number
}

declare module 'vitest' {
  interface ProvidedContext {
    engine: Engine | Hindrance
  }
}

/** The labels by which containers of the tests are known, and whose they are. */
export const labels = {
  mark: 'docker-exec-workbook',
  owner: 'docker-exec-workbook.owner',
  machine: 'docker-exec-workbook.machine',
} as const

/** Whether tests that need an engine must fail where there is none, rather than be skipped. */
export function isEngineRequired(): boolean {
  return process.env.WORKBOOK_REQUIRE_ENGINE === '1'
}

/**
 * A group of tests that need an engine. Without one they are skipped and the reason is in their
 * title (global-setup has printed it too), or they fail, if WORKBOOK_REQUIRE_ENGINE is 1.
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

/** A container of the tests. */
export type Container = {
  readonly id: string
  readonly name: string
  readonly pause: () => Promise<void>
  readonly stop: () => Promise<void>
  /** Removes it, running or not. May be called twice. */
  readonly remove: () => Promise<void>
}

/**
 * Starts a container that sleeps. Whoever starts it removes it:
 *
 * ```ts
 * const box = await startContainer()
 * onTestFinished(box.remove)
 * ```
 *
 * What is forgotten goes at the end of the run, and what a killed run leaves goes at the
 * beginning of the next one.
 */
export async function startContainer(options: { readonly name?: string } = {}): Promise<Container> {
  const engine = inject('engine')
  if ('reason' in engine) throw new Error(`A container needs an engine: ${engine.reason}`)
  const { host } = engine
  const name = options.name ?? `wb-${engine.owner}-${randomBytes(4).toString('hex')}`
  const created = await callOrThrow(host, 'POST', `/containers/create?name=${name}`, {
    Image: engine.image,
    Cmd: ['/bin/sleep', '1000000'],
    Labels: {
      [labels.mark]: 'test',
      [labels.owner]: String(engine.owner),
      [labels.machine]: hostname(),
    },
    // The first process of a container is deaf to SIGTERM: without this, stopping takes 10 s.
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
