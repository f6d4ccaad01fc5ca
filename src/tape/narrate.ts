/**
 * Puts each event into words. The screen, the replay, the exported page and
 * the timeline of a verdict all take their words from here.
 *
 * @module
 */

import { messageOf } from '../stream/http.ts'
import { flagMeanings } from '../terminal/modes.ts'
import { countOf, milliseconds } from '../text/count.ts'
import type { EventOf, TapeEvent } from './event.ts'
import { agreed, notUpgraded } from './grammar/first-line.ts'
import { streamName } from './grammar/frame-fields.ts'
import { purposeOf } from './grammar/request-kinds.ts'
import type { Flags, Moment } from './moments.ts'
import type { Piece } from './pieces.ts'

/** The participants in a run, from left to right in a diagram. */
export const actors = ['you', 'terminal', 'client', 'connection1', 'connection2'] as const

/** One participant. */
export type Actor = (typeof actors)[number]

/** An event in words. */
export type Narration = {
  /** What happened, in a few words without a full stop. */
  readonly title: string
  /** What it means, in a sentence or two. Empty if the title says enough. */
  readonly note: string
  /**
   * Sender and receiver. The same actor twice if it happened in one place.
   */
  readonly from: Actor
  readonly to: Actor
  /**
   * The bytes, split at frame headers. `length` includes bytes that were not
   * recorded.
   */
  readonly bytes?: { readonly pieces: readonly Piece[]; readonly length: number }
}

/** Returns the words for an event. */
export function narrate(moment: Moment): Narration {
  const { event, stage } = moment
  switch (event.kind) {
    case 'request':
    case 'answer':
    case 'no answer':
      return narrateMessage(event)
    case 'sent':
    case 'received':
    case 'stdout':
    case 'stderr':
      return narrateBytes(event, moment.pieces)
    case 'terminal':
    case 'window':
    case 'signal':
      return narrateTerminal(event, moment)
    case 'stage begins':
      return at('client', `Stage ${event.number}, ${event.name}, begins`, `It ${event.title}.`)
    case 'stage ended': {
      const name = stage ? `, ${stage.name},` : ''
      const time = milliseconds(event.milliseconds)
      return at('client', `Stage ${event.number}${name} ended after ${time}`, event.story)
    }
    case 'teardown':
      return at(
        'client',
        'Teardown',
        'The stages are done. We release what they hold and end the command if it is still running.',
      )
    case 'over':
      return at('client', overTitle(event), event.failure ?? '')
    default:
      return narrateConnection(event)
  }
}

/** An event that happened in one place. */
function at(actor: Actor, title: string, note = ''): Narration {
  return { title, note, from: actor, to: actor }
}

function overTitle({ exitCode, failure }: EventOf<'over'>): string {
  if (exitCode !== null) return `The run is over: exit code ${exitCode}`
  return failure === undefined ? 'The run is over: no exit code' : 'The run stopped early'
}

function narrateMessage(event: EventOf<'request' | 'answer' | 'no answer'>): Narration {
  const connection: Actor = event.connection === 1 ? 'connection1' : 'connection2'
  switch (event.kind) {
    case 'request':
      return {
        ...{ from: 'client', to: connection },
        title: `${event.method} ${event.path}`,
        note: purposeOf(event),
      }
    case 'answer':
      return {
        ...{ from: connection, to: 'client' },
        title: `${event.status} ${event.reason}`,
        note: meaningOf(event),
      }
    case 'no answer':
      return { from: connection, to: 'client', title: 'No answer', note: event.reason }
  }
}

function meaningOf({ status, connection, body }: EventOf<'answer'>): string {
  if (status === 101) return agreed
  if (status >= 300) return `Refused: ${messageOf({ body }) || `status ${status}`}`
  return connection === 2 ? notUpgraded : meaningOfBody(body)
}

/** What an answer on the first connection means. */
function meaningOfBody(body: string): string {
  if (body.trim() === '') return 'Done. The daemon has nothing to add, so the body is empty.'
  const { Id, Config, Running, ExitCode } = readFields(body)
  if (Config !== undefined) return 'The container exists. We discard the rest of the answer.'
  if (Running === true) return 'The command is still running, so it has no exit code yet.'
  if (typeof ExitCode === 'number') return `The exit code is ${ExitCode}.`
  return typeof Id === 'string' ? 'This is the exec ID. Every later request uses it.' : ''
}

/** The fields of a JSON body. Empty if the body is truncated or not JSON. */
function readFields(body: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(body) ?? {}) as Record<string, unknown>
  } catch {
    return {}
  }
}

function narrateBytes(
  event: EventOf<'sent' | 'received' | 'stdout' | 'stderr'>,
  pieces: readonly Piece[],
): Narration {
  const { kind, length } = event
  const frames = pieces.filter(({ headerAt }) => headerAt === 0).length
  const inFrames = frames > 0 ? ` in ${countOf(frames, 'frame')}` : ''
  const typed = 'typed' in event && event.typed === true
  const verb = {
    sent: typed ? 'Typed' : 'Sent',
    received: 'Received',
    stdout: 'stdout',
    stderr: 'stderr',
  }
  const [from, to] = {
    sent: [typed ? 'you' : 'terminal', 'connection2'],
    received: ['connection2', 'terminal'],
    stdout: ['client', 'terminal'],
    stderr: ['client', 'terminal'],
  }[kind] as [Actor, Actor]
  return {
    ...{ from, to },
    title: `${verb[kind]} ${countOf(length, 'byte')}${inFrames}`,
    note: missingNote(event, typed),
    bytes: { pieces, length },
  }
}

type PassedBytes = { readonly length: number; readonly hex?: string }

/** Says which bytes were not recorded. Empty if all were. */
function missingNote({ length, hex = '' }: PassedBytes, typed: boolean): string {
  const kept = hex.length / 2
  if (kept === length) return ''
  if (kept > 0) return `The tape has only the first ${kept} of them.`
  return typed ? 'What was typed is not on the tape.' : 'The bytes were counted but not recorded.'
}

function narrateTerminal(
  event: EventOf<'terminal' | 'window' | 'signal'>,
  { flagsBefore }: Moment,
): Narration {
  switch (event.kind) {
    case 'window': {
      const title = `Window size: ${event.rows} rows, ${event.columns} columns`
      return { from: 'terminal', to: 'client', title, note: '' }
    }
    case 'signal':
      return {
        ...{ from: senderOf(event.name), to: 'client' },
        title: `Signal ${event.name}`,
        note:
          event.name === 'SIGWINCH'
            ? 'The kernel tells us that the window size has changed.'
            : 'It terminates this client.',
      }
    case 'terminal': {
      const [from, to]: [Actor, Actor] =
        event.moment === 'before' ? ['terminal', 'client'] : ['client', 'terminal']
      return { from, to, ...terminalWords(event, flagsBefore) }
    }
  }
}

/**
 * The terminal sends some signals on a window change or a key. The rest come
 * from you.
 */
function senderOf(signal: string): Actor {
  return ['SIGWINCH', 'SIGINT', 'SIGQUIT', 'SIGTSTP', 'SIGHUP'].includes(signal)
    ? 'terminal'
    : 'you'
}

function terminalWords(
  { moment, flags }: EventOf<'terminal'>,
  before: Flags | undefined,
): Pick<Narration, 'title' | 'note'> {
  switch (moment) {
    case 'before':
      return { title: 'Terminal flags read', note: 'These are the flags before we change any.' }
    case 'raw':
      return {
        title: 'Raw mode on',
        note: 'Our terminal no longer interprets keys. Each key reaches us immediately, as bytes.',
      }
    case 'after':
      return {
        title: 'Terminal flags read again',
        note: terminalVerdict(changedFlags(before, flags)),
      }
  }
}

/**
 * Returns the names of the flags that differ between two readings of a
 * terminal.
 */
export function changedFlags(before: Flags = {}, after: Flags = {}): string[] {
  return Object.keys({ ...before, ...after }).filter((flag) => before[flag] !== after[flag])
}

/**
 * Says whether a run restored the terminal. `changed` names the flags that
 * differ.
 */
export function terminalVerdict(changed: readonly string[]): string {
  return changed.length === 0
    ? 'Terminal settings are the same as before.'
    : `Terminal settings are NOT the same as before (${changed.join(', ')}). npm run rescue restores them.`
}

/**
 * A flag that raw mode sets or clears, and its value at each reading:
 * `icanon`, `-icanon`.
 */
export type FlagRow = {
  readonly flag: string
  /** What the flag does in raw mode. */
  readonly meaning: string
  /** Undefined for a reading that is missing or lacks the flag. */
  readonly cells: readonly (string | undefined)[]
}

/** Returns a row for each raw-mode flag that at least one reading has. */
export function flagRows(readings: readonly (Flags | undefined)[]): FlagRow[] {
  const cellOf = (flags: Flags | undefined, flag: string): string | undefined => {
    if (!flags || !Object.hasOwn(flags, flag)) return undefined
    return flags[flag] ? flag : `-${flag}`
  }
  return flagMeanings
    .map(([flag, meaning]): FlagRow => {
      return { flag, meaning, cells: readings.map((flags) => cellOf(flags, flag)) }
    })
    .filter(({ cells }) => cells.some((cell) => cell !== undefined))
}

type ConnectionEvent = Exclude<
  TapeEvent,
  EventOf<
    | 'stage begins'
    | 'stage ended'
    | 'teardown'
    | 'over'
    | 'request'
    | 'answer'
    | 'no answer'
    | 'sent'
    | 'received'
    | 'stdout'
    | 'stderr'
    | 'terminal'
    | 'window'
    | 'signal'
  >
>

function narrateConnection(event: ConnectionEvent): Narration {
  const toDaemon = { from: 'client', to: 'connection2' } as const
  switch (event.kind) {
    case 'upgrade':
      return at(
        'connection2',
        'Connection 2 is hijacked',
        'Docker calls a connection hijacked once it no longer speaks HTTP.',
      )
    case 'frame':
      return {
        ...{ from: 'connection2', to: 'connection2' },
        title: `Frame header: ${frameText(event)}`,
        note: '',
      }
    case 'half-close':
      return {
        ...toDaemon,
        title: 'Half-close: we stop writing',
        note: 'Our input has ended, and this is how we tell the daemon. We keep reading.',
      }
    case 'end':
      return {
        ...{ from: 'connection2', to: 'client' },
        title: 'End of stream: the daemon stops writing',
        note: 'No more output will come, usually because the command has ended. This EOF does not say whether it succeeded.',
      }
    case 'cut':
      return {
        ...toDaemon,
        title: 'Cut: we closed the connection in both directions',
        note: 'This ends our session but not the command.',
      }
    case 'keep-alive':
      return at(
        'connection2',
        `TCP keep-alive after ${event.milliseconds} ms`,
        'If the connection is silent for this long, the kernel sends an empty probe so that routers do not drop it.',
      )
    case 'held':
    case 'released':
      return at('client', `${event.kind}: ${event.label}`)
    default:
      return at('client', event.kind)
  }
}

/** `stdout, 4 bytes` */
export function frameText({ stream, length }: { stream: number; length: number }): string {
  return `${streamName(stream)}, ${countOf(length, 'byte')}`
}

/** Says what the stages hold open. */
export function heldText(held: readonly string[]): string {
  return `Held open: ${held.join(', ') || 'nothing'}`
}

/**
 * Returns `1→` for an event that went to the daemon on connection 1, `←2` for
 * one that came from it on connection 2, undefined for one on our side.
 */
export function signOf({ from, to }: Narration): '1→' | '2→' | '←1' | '←2' | undefined {
  if (from === to) return undefined
  if (to === 'connection1') return '1→'
  if (to === 'connection2') return '2→'
  if (from === 'connection1') return '←1'
  return from === 'connection2' ? '←2' : undefined
}
