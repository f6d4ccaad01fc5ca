/**
 * Everything a walk holds open: a connection, the raw mode of a terminal, a listener.
 * Each one is registered in the breath in which it is acquired, and given back once,
 * the last first, whichever way the walk ends.
 *
 * @module
 */

import { inspect } from 'node:util'

/** A live thing inside a state. It prints as `<raw mode: live>`, never as its insides. */
export type Held<T> = {
  readonly label: string
  readonly value: T
  /** Gives the thing back. The first call does it, every later call waits for the same work. */
  readonly release: () => Promise<void>
  /** True until the thing is given back. */
  readonly isLive: () => boolean
}

/** What keeps count of the live things of one walk. */
export type Scope = {
  /** Registers what was just acquired, together with the way to give it back. */
  readonly hold: <T>(label: string, value: T, giveBack: () => unknown) => Held<T>
  /** The labels of what is live now, in the order in which it was acquired. */
  readonly live: () => string[]
  /** Gives everything back, the last acquired first. */
  readonly releaseAll: () => Promise<void>
}

/** Makes an empty scope. */
export function createScope(): Scope {
  const all: Held<unknown>[] = []

  function hold<T>(label: string, value: T, giveBack: () => unknown): Held<T> {
    let released: Promise<void> | undefined
    const release = (): Promise<void> => {
      released ??= (async () => {
        await giveBack()
      })()
      return released
    }
    const isLive = (): boolean => released === undefined
    const print = (): string => `<${label}: ${isLive() ? 'live' : 'released'}>`
    const held = { label, value, release, isLive, toJSON: print, [inspect.custom]: print }
    all.push(held)
    return held
  }

  let releasing: Promise<void> | undefined

  // A signal may come while a walk gives back what it held. Whoever asks second waits for the work
  // of the first: beginning once more would close the daemon's connection below a sandbox that is
  // just being removed.
  function releaseAll(): Promise<void> {
    releasing ??= giveAllBack().finally(() => {
      releasing = undefined
    })
    return releasing
  }

  async function giveAllBack(): Promise<void> {
    const failures: unknown[] = []
    for (let held = all.pop(); held; held = all.pop()) {
      // One thing that cannot be given back must not keep the others from theirs.
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
