/**
 * What a stage needs of the state that comes in: exactly what its companion names.
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

/** The same state; the names that are read one by one, and not copied with all others, are noted. */
function watchReads(state: object, reads: Set<string>): object {
  let copied: PropertyKey | undefined
  return new Proxy(state, {
    // A spread asks for the descriptor of each property right before it reads it.
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

/** The same stage; what it reads of its state is noted. */
function watched(stage: AnyStage, reads: Set<string>): AnyStage {
  return { ...stage, run: (state, kit) => stage.run(watchReads(state, reads), kit) }
}

/** What each stage reads in a session with a tty and in one without. */
async function readsOfStages(): Promise<string[][]> {
  const reads = dockerExec.stages.map(() => new Set<string>())
  const stages = dockerExec.stages.map((stage, at) => watched(stage, reads[at] as Set<string>))
  // A resize that is refused is sent again while the session lives.
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

describe('what a stage needs', () => {
  test('is what it reads: the other values it only passes on', async () => {
    const needs = companions.map((companion) => [...companion.needs].sort())
    expect(await readsOfStages()).toEqual(needs)
  })
})
