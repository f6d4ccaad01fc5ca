/**
 * The tools of a stage, watched: a real connection to a daemon, a terminal in memory, and a scope,
 * all of which tell one recorder what happens. The learner's own terminal is never touched.
 *
 * @module
 */

import type { Kit } from '../course/kit.ts'
import { createScope, type Scope } from '../course/scope.ts'
import type { Connect } from '../exec/exec-place.ts'
import type { TapeEvent } from '../tape/event.ts'
import { createRecorder, type EventLog } from '../tape/recorder.ts'
import { createMemoryTerminal, type SimulatedUser, type TerminalKind } from './memory-terminal.ts'

/** A watched kit. */
export type Probe = {
  readonly kit: Kit
  readonly user: SimulatedUser
  /** Everything that has happened so far. It grows. */
  readonly events: readonly TapeEvent[]
  /** Adds what happened elsewhere. */
  readonly note: EventLog['note']
  /** Resolves as soon as what has happened satisfies the condition. */
  readonly until: (condition: (events: readonly TapeEvent[]) => boolean) => Promise<void>
  /** What is still open, in words: `the terminal is still raw`. Ask when all has been released. */
  readonly leftOpen: () => string[]
  /** Ends what is still open, whatever the stages did. */
  readonly close: () => Promise<void>
}

/** Makes a watched kit. */
export async function createProbe(connect: Connect, kind: TerminalKind): Promise<Probe> {
  const recorder = createRecorder({ keep: Number.POSITIVE_INFINITY, masks: false })
  const engine = await connect(recorder)
  // How the engine was found is none of the stages' business, so the recorder begins here.
  recorder.begin()
  const terminal = createMemoryTerminal(kind, recorder)
  const events = recorder.events()

  return {
    kit: { engine, terminal: terminal.terminal, scope: watchScope(recorder) },
    user: terminal.user,
    events,
    note: recorder.note,
    until: (condition) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!condition(events)) return
          unwatch()
          resolve()
        }
        const unwatch = recorder.watch(look)
        look()
      }),
    leftOpen: () => [
      ...terminal.leftOpen(),
      ...[...engine.hijackable]
        .filter(({ destroyed, writableEnded }) => !destroyed && !writableEnded)
        .map(() => 'the hijacked connection is still open'),
    ],
    close: engine.close,
  }
}

function watchScope({ note }: EventLog): Scope {
  const scope = createScope()
  return {
    ...scope,
    hold: (label, value, release) => {
      note({ kind: 'held', label })
      return scope.hold(label, value, () => {
        note({ kind: 'released', label })
        return release()
      })
    },
  }
}
