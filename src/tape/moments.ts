/**
 * The events of a tape, each with its context: the running stage, the state
 * so far, the protocol on each connection, the terminal's flags.
 *
 * @module
 */

import { bytesOf, type EventOf, hasBytes, type TapedState, type TapeEvent } from './event.ts'
import { createFrameCutter, type Piece } from './pieces.ts'

/** Flags of a terminal by their `stty` names. */
export type Flags = Readonly<Record<string, boolean>>

/** One event and the situation right after it. */
export type Moment = {
  /** Counted from 1. */
  readonly number: number
  readonly event: TapeEvent
  /** The bytes of the event, split where frame headers begin and end. */
  readonly pieces: readonly Piece[]
  /** The running stage, or the last one if the session continues after it. */
  readonly stage: EventOf<'stage begins'> | undefined
  /** The end of the stage, if it has ended by then. */
  readonly ended: EventOf<'stage ended'> | undefined
  /**
   * The number of the event that recorded the current state, and that state.
   */
  readonly stateAt: number
  readonly state: TapedState
  /** The terminal's flags at the first reading, and at the latest one. */
  readonly flagsBefore: Flags | undefined
  readonly flags: Flags | undefined
  readonly terminal: 'none' | 'cooked' | 'raw'
  readonly window: { readonly rows: number; readonly columns: number } | undefined
  readonly connection1: 'not open' | 'HTTP'
  readonly connection2: 'not open' | 'HTTP' | 'hijacked' | 'half-closed' | 'ended'
  /**
   * Whether the stages were done: the workbook caused the event, not the
   * stage.
   */
  readonly isTeardown: boolean
  /** How many bytes the hijacked connection has carried so far. */
  readonly sent: number
  readonly received: number
}

type Situation = Omit<Moment, 'number' | 'event' | 'pieces'>

const beginning: Situation = {
  stage: undefined,
  ended: undefined,
  stateAt: 1,
  state: {},
  flagsBefore: undefined,
  flags: undefined,
  terminal: 'none',
  window: undefined,
  connection1: 'not open',
  connection2: 'not open',
  isTeardown: false,
  sent: 0,
  received: 0,
}

/** Returns a moment for each event. */
export function momentsOf(events: readonly TapeEvent[]): Moment[] {
  let situation = beginning
  const piecesOf = createPieceFinder()
  return events.map((event, at) => {
    situation = { ...situation, ...changesBy(event, at + 1, situation) }
    return { ...situation, number: at + 1, event, pieces: piecesOf(event) }
  })
}

function changesBy(event: TapeEvent, number: number, before: Situation): Partial<Situation> {
  switch (event.kind) {
    case 'stage begins':
      return { stage: event, ended: undefined, state: event.state, stateAt: number }
    case 'stage ended':
      return { ended: event, state: event.state, stateAt: number }
    case 'teardown':
      return { isTeardown: true }
    case 'terminal':
      return {
        flags: event.flags,
        flagsBefore: before.flagsBefore ?? event.flags,
        terminal: event.moment === 'raw' ? 'raw' : 'cooked',
      }
    case 'window':
      return { window: event }
    case 'request':
      if (event.connection === 1) return { connection1: 'HTTP' }
      return before.connection2 === 'not open' ? { connection2: 'HTTP' } : {}
    case 'upgrade':
      return { connection2: 'hijacked' }
    case 'half-close':
      return before.connection2 === 'ended' ? {} : { connection2: 'half-closed' }
    case 'end':
    case 'cut':
      return { connection2: 'ended' }
    case 'sent':
    case 'received':
      return { [event.kind]: before[event.kind] + event.length }
    default:
      return {}
  }
}

function createPieceFinder(): (event: TapeEvent) => readonly Piece[] {
  const cut = createFrameCutter()
  let isFramed = false
  return (event) => {
    if (event.kind === 'upgrade') isFramed = event.framing === 'stdcopy'
    if (!hasBytes(event)) return []
    const bytes = bytesOf(event)
    if (event.kind === 'received' && isFramed) return cut(bytes)
    return bytes.length > 0 ? [{ bytes }] : []
  }
}

/** A stage of a run and its events. */
export type StageRecord = {
  /** Counted from 1. */
  readonly number: number
  readonly name: string
  readonly title: string
  readonly question: string
  /**
   * What happened, in a sentence or two. Empty if the stage did not finish.
   */
  readonly story: string
  readonly before: TapedState
  /** The state that it passed on, or its input state if it did not finish. */
  readonly state: TapedState
  readonly held: readonly string[]
  readonly milliseconds: number
  /** Whether it finished. */
  readonly isWhole: boolean
  /**
   * What was on the wire during the stage. The last stage includes the rest
   * of the session.
   */
  readonly wire: readonly TapeEvent[]
  /** What was on the wire during teardown. Only the last stage has any. */
  readonly teardown: readonly TapeEvent[]
}

const wireKinds = new Set<TapeEvent['kind']>([
  'request',
  'answer',
  'no answer',
  'upgrade',
  'sent',
  'received',
  'half-close',
  'end',
  'cut',
  'keep-alive',
])

/** Returns the stages of a run in order. */
export function stagesOf(events: readonly TapeEvent[]): StageRecord[] {
  const begins = events.flatMap((event, at) =>
    event.kind === 'stage begins' ? [{ event, at }] : [],
  )
  return begins.map(({ event: begin, at }, index) => {
    const within = events.slice(at + 1, begins[index + 1]?.at)
    const teardownAt = within.findIndex(({ kind }) => kind === 'teardown')
    const onWire = (some: readonly TapeEvent[]): readonly TapeEvent[] =>
      some.filter(({ kind }) => wireKinds.has(kind))
    const ended = within.find((event) => event.kind === 'stage ended')
    const { number, name, title, question, state: before } = begin
    return {
      ...{ number, name, title, question, before },
      story: ended?.story ?? '',
      state: ended?.state ?? before,
      held: ended?.held ?? [],
      milliseconds: ended?.milliseconds ?? 0,
      isWhole: ended !== undefined,
      wire: onWire(teardownAt < 0 ? within : within.slice(0, teardownAt)),
      teardown: onWire(teardownAt < 0 ? [] : within.slice(teardownAt)),
    }
  })
}
