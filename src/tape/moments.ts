/**
 * The events of a tape, each with what was so when it happened: the stage that ran, the state as far
 * as it had come, what the connections spoke, the flags of the terminal.
 *
 * @module
 */

import { bytesOf, type EventOf, hasBytes, type TapedState, type TapeEvent } from './event.ts'
import { createFrameCutter, type Piece } from './pieces.ts'

/** Flags of a terminal, as `stty` names them. */
export type Flags = Readonly<Record<string, boolean>>

/** One event, and what was so right after it. */
export type Moment = {
  /** Counted from 1. */
  readonly number: number
  readonly event: TapeEvent
  /** The bytes of the event, cut where the headers of frames begin and end. */
  readonly pieces: readonly Piece[]
  /** The stage that ran, or the last one, which the session goes on in. */
  readonly stage: EventOf<'stage begins'> | undefined
  /** How the stage ended, if it had by then. */
  readonly ended: EventOf<'stage ended'> | undefined
  /** The number of the event that has the state as it was then, and that state. */
  readonly stateAt: number
  readonly state: TapedState
  /** The terminal's flags as they were first, and as they were then. */
  readonly flagsBefore: Flags | undefined
  readonly flags: Flags | undefined
  readonly terminal: 'none' | 'as usual' | 'raw'
  readonly window: { readonly rows: number; readonly columns: number } | undefined
  readonly connection1: 'not open' | 'HTTP'
  readonly connection2: 'not open' | 'HTTP' | 'hijacked' | 'half-closed' | 'ended'
  /** Whether the walk was over: what happened belongs to the workbook and not to the stage. */
  readonly isTeardown: boolean
  /** Bytes on the hijacked connection so far. */
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

/** Goes through the events once. */
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
        terminal: event.moment === 'raw' ? 'raw' : 'as usual',
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

/** A stage of a run, with what happened in it. */
export type StageRecord = {
  /** Counted from 1. */
  readonly number: number
  readonly name: string
  readonly title: string
  readonly question: string
  /** What happened, in a sentence or two. Empty if the stage did not end. */
  readonly story: string
  readonly before: TapedState
  /** The state that it passed on; the one that it took if it did not end. */
  readonly state: TapedState
  readonly held: readonly string[]
  readonly milliseconds: number
  /** Whether it ran to its end. */
  readonly isWhole: boolean
  /** What was on the wire while it ran, and, for the last stage, while the session went on in it. */
  readonly wire: readonly TapeEvent[]
  /** The same while the walk gave back what the stages held. Only the last stage has any. */
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

/** The stages of a run, in their order. */
export function stagesOf(events: readonly TapeEvent[]): StageRecord[] {
  const begins = events.flatMap((event, at) =>
    event.kind === 'stage begins' ? [{ event, at }] : [],
  )
  return begins.map(({ event: begin, at }, index) => {
    const within = events.slice(at + 1, begins[index + 1]?.at)
    const isOver = within.findIndex(({ kind }) => kind === 'teardown')
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
      wire: onWire(isOver < 0 ? within : within.slice(0, isOver)),
      teardown: onWire(isOver < 0 ? [] : within.slice(isOver)),
    }
  })
}
