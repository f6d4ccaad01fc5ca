/**
 * What was so at each moment of a tape: the stage that ran, the state as far as it had come, the
 * flags of the terminal.
 *
 * @module
 */

import type { TapedState, TapeEvent } from './recorded.ts'

/** The stage at a moment. */
export type StageThen = Extract<TapeEvent, { kind: 'stage begins' }>

/** One event, and what was so when it happened. */
export type Moment = {
  /** Counted from 1. */
  readonly number: number
  readonly event: TapeEvent
  /** The stage that ran, or the last one, which the session goes on in. */
  readonly stage: StageThen | undefined
  /** How the stage ended, if it had by then. */
  readonly ended: Extract<TapeEvent, { kind: 'stage ended' }> | undefined
  /** The state as far as it had come. */
  readonly state: TapedState
  /** The terminal's flags as they were first, and as they were then. */
  readonly flagsBefore: Readonly<Record<string, boolean>> | undefined
  readonly flags: Readonly<Record<string, boolean>> | undefined
  readonly window: { readonly rows: number; readonly columns: number } | undefined
}

/** Goes through the events once. */
export function momentsOf(events: readonly TapeEvent[]): Moment[] {
  let then: Omit<Moment, 'number' | 'event'> = {
    stage: undefined,
    ended: undefined,
    state: {},
    flagsBefore: undefined,
    flags: undefined,
    window: undefined,
  }
  return events.map((event, at) => {
    switch (event.kind) {
      case 'stage begins':
        then = { ...then, stage: event, ended: undefined, state: event.state }
        break
      case 'stage ended':
        then = { ...then, ended: event, state: event.state }
        break
      case 'terminal':
        then = { ...then, flags: event.flags, flagsBefore: then.flagsBefore ?? event.flags }
        break
      case 'window':
        then = { ...then, window: event }
        break
    }
    return { ...then, number: at + 1, event }
  })
}
