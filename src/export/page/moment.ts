/**
 * What is so at a moment of a run: which connections are open and what they speak, what the
 * terminal does, how much has flowed. The lifelines of the diagram are drawn from it.
 *
 * @module
 */

import type { TapeEvent } from '../../tape/recorded.ts'
import { countOf } from '../../tape/words.ts'

/** What is so behind an event. */
export type Moment = {
  readonly terminal: 'none' | 'as usual' | 'raw'
  readonly connection1: 'not open' | 'HTTP'
  readonly connection2: 'not open' | 'HTTP' | 'hijacked' | 'half-closed' | 'ended'
  /** `24 rows, 80 columns`, once it is known. */
  readonly window: string
  /** Bytes on the hijacked connection so far. */
  readonly sent: number
  readonly received: number
  /** The place of the event with the state as it is now, counted from 0. */
  readonly state: number
}

/** Before anything has happened. */
export const beginning: Moment = {
  terminal: 'none',
  connection1: 'not open',
  connection2: 'not open',
  window: '',
  sent: 0,
  received: 0,
  state: 0,
}

/** What is so behind the event at this place, if `before` was so until then. */
export function momentBehind(before: Moment, event: TapeEvent, place: number): Moment {
  switch (event.kind) {
    case 'stage begins':
    case 'stage ended':
      return { ...before, state: place }
    case 'request':
      if (event.connection === 1) return { ...before, connection1: 'HTTP' }
      return before.connection2 === 'not open' ? { ...before, connection2: 'HTTP' } : before
    case 'upgrade':
      return { ...before, connection2: 'hijacked' }
    case 'half-close':
      return before.connection2 === 'ended' ? before : { ...before, connection2: 'half-closed' }
    case 'end':
      return { ...before, connection2: 'ended' }
    case 'sent':
      return { ...before, sent: before.sent + event.length }
    case 'received':
      return { ...before, received: before.received + event.length }
    case 'terminal':
      return { ...before, terminal: event.moment === 'raw' ? 'raw' : 'as usual' }
    case 'window':
      return { ...before, window: `${event.rows} rows, ${event.columns} columns` }
    default:
      return before
  }
}

/** A moment in words, for whoever steps through the run. */
export function momentInWords(moment: Moment): Readonly<Record<string, string>> {
  return {
    ...(moment.terminal !== 'none' && { 'your terminal': moment.terminal }),
    ...(moment.window !== '' && { window: moment.window }),
    'connection 1': moment.connection1,
    'connection 2': moment.connection2,
    sent: countOf(moment.sent, 'byte'),
    received: countOf(moment.received, 'byte'),
  }
}
