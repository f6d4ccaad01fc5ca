/**
 * A watched kit for a stage: a real connection to a daemon, a terminal in
 * memory and a scope, all reporting to one recorder. It never touches the
 * learner's own terminal.
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
  /** All events so far. The array grows. */
  readonly events: readonly TapeEvent[]
  /** Adds an event. */
  readonly note: EventLog['note']
  /** Resolves as soon as the events satisfy the condition. */
  readonly until: (condition: (events: readonly TapeEvent[]) => boolean) => Promise<void>
  /**
   * Describes what is still open: `the terminal is still raw`. Call it after
   * the teardown.
   */
  readonly leftOpen: () => string[]
  /** Closes the connections to the daemon, whatever the stages did. */
  readonly close: () => Promise<void>
}

/** Creates a watched kit. */
export async function createProbe(connect: Connect, kind: TerminalKind): Promise<Probe> {
  const recorder = createRecorder({ keep: Number.POSITIVE_INFINITY, masks: false })
  const engine = await connect(recorder)
  // Finding the engine isn't part of the session, so the record starts here.
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
        const check = (): void => {
          if (!condition(events)) return
          unwatch()
          resolve()
        }
        const unwatch = recorder.watch(check)
        check()
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
