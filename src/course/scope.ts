/**
 * The resources that a walk holds: a connection, a terminal's raw mode, a
 * listener. Each is registered as soon as it is acquired. However the walk
 * ends, each is released once, in reverse order.
 *
 * @module
 */

import { inspect } from 'node:util'

/**
 * A resource in a state. It prints as `<raw mode: live>`, without its
 * contents.
 */
export type Held<T> = {
  readonly label: string
  readonly value: T
  /**
   * Releases the resource. The first call does the work; later calls wait for
   * it.
   */
  readonly release: () => Promise<void>
  /** True until the release begins. */
  readonly isLive: () => boolean
}

/** Tracks the resources of one walk. */
export type Scope = {
  /**
   * Registers a resource that was just acquired, with the function that
   * releases it.
   */
  readonly hold: <T>(label: string, value: T, release: () => unknown) => Held<T>
  /**
   * The labels of the live resources, in the order in which they were
   * acquired.
   */
  readonly live: () => string[]
  /**
   * Releases everything in reverse order. Throws the first error after trying
   * all.
   */
  readonly releaseAll: () => Promise<void>
}

/** Creates an empty scope. */
export function createScope(): Scope {
  const all: Held<unknown>[] = []

  function hold<T>(label: string, value: T, releaseValue: () => unknown): Held<T> {
    let releasing: Promise<void> | undefined
    const release = (): Promise<void> => {
      releasing ??= (async () => {
        await releaseValue()
      })()
      return releasing
    }
    const isLive = (): boolean => releasing === undefined
    const print = (): string => `<${label}: ${isLive() ? 'live' : 'released'}>`
    const held = { label, value, release, isLive, toJSON: print, [inspect.custom]: print }
    all.push(held)
    return held
  }

  let releasingAll: Promise<void> | undefined

  // A signal may arrive while a walk is being released. The second caller
  // waits for the first. Starting again would close the daemon's connection
  // while a sandbox is still being removed.
  function releaseAll(): Promise<void> {
    releasingAll ??= releaseEach().finally(() => {
      releasingAll = undefined
    })
    return releasingAll
  }

  async function releaseEach(): Promise<void> {
    const failures: unknown[] = []
    for (let held = all.pop(); held; held = all.pop()) {
      // A release that fails must not prevent the others.
      await held.release().catch((error: unknown) => failures.push(error))
    }
    if (failures.length > 0) throw failures[0]
  }

  return {
    hold,
    live: () => all.filter((held) => held.isLive()).map((held) => held.label),
    releaseAll,
  }
}
