/**
 * A stage reads exactly the values of the state that its companion lists.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import { companions } from '../../chapters/commands/chapter-folders.ts'
import { dockerExec } from '../../chapters/index.ts'
import type { AnyStage } from '../../src/course/stage.ts'
import { walk } from '../../src/course/walk.ts'
import type { TerminalKind } from '../../src/judging/memory-terminal.ts'
import { withPractice } from '../practice/daemon.ts'
import { asked, makeKit } from '../support/kit.ts'

/**
 * Wraps a state and records the names that are read, but not those copied by
 * a spread.
 */
function watchReads(state: object, reads: Set<string>): object {
  let copied: PropertyKey | undefined
  return new Proxy(state, {
    // A spread gets the descriptor of each property right before it reads it.
    getOwnPropertyDescriptor(target, name) {
      copied = name
      return Reflect.getOwnPropertyDescriptor(target, name)
    },
    get(target, name) {
      if (name !== copied) reads.add(String(name))
      copied = undefined
      return Reflect.get(target, name)
    },
  })
}

/** Wraps a stage and records what it reads of its state. */
function watched(stage: AnyStage, reads: Set<string>): AnyStage {
  return { ...stage, run: (state, kit) => stage.run(watchReads(state, reads), kit) }
}

/** The names that each stage reads, with and without a tty. */
async function readsOfStages(): Promise<string[][]> {
  const reads = dockerExec.stages.map(() => new Set<string>())
  const stages = dockerExec.stages.map((stage, at) => watched(stage, reads[at] as Set<string>))
  // A refused resize is sent again while the session is open.
  await withPractice(['resize-refused'], async ({ host }) => {
    const kinds: TerminalKind[] = [
      { isTerminal: true, size: { rows: 24, columns: 80 }, open: true },
      { input: 'hello\n' },
    ]
    for (const kind of kinds) {
      const first = asked({
        ...{ container: 'practice', command: ['true'], interactive: true },
        tty: kind.isTerminal === true,
      })
      const steps: number[] = []
      for await (const { number } of walk({ stages }, first, await makeKit(host, kind))) {
        steps.push(number)
      }
      expect(steps).toHaveLength(stages.length)
    }
  })
  return reads.map((names) => [...names].sort())
}

describe('the companion of a stage', () => {
  test('lists exactly the values that the stage reads', async () => {
    const needs = companions.map((companion) => [...companion.needs].sort())
    expect(await readsOfStages()).toEqual(needs)
  })
})
