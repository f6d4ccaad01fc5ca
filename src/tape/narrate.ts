/**
 * What happened, in words. The screen, the replay, the exported page and the timeline of a verdict
 * are layouts of what stands here.
 *
 * @module
 */

import { messageOf } from '../stream/http.ts'
import { flagMeanings } from '../terminal/modes.ts'
import { countOf, milliseconds } from '../text/count.ts'
import type { EventOf, TapeEvent } from './event.ts'
import type { Flags, Moment } from './moments.ts'
import { type Piece, streamName } from './pieces.ts'

/** Who takes part in a run, from left to right in a diagram. */
export const actors = ['you', 'terminal', 'client', 'connection1', 'connection2'] as const

/** One of them. */
export type Actor = (typeof actors)[number]

/** An event in words. */
export type Narration = {
  /** What happened, in a few words. */
  readonly title: string
  /** What it means, in a sentence or two. Empty if the title says it all. */
  readonly note: string
  /** From whom to whom it went. The same actor twice if it happened there. */
  readonly from: Actor
  readonly to: Actor
  /** Its bytes, cut at the headers of frames. `length` counts also those that were not kept. */
  readonly bytes?: { readonly pieces: readonly Piece[]; readonly length: number }
}

/** Puts an event into words. */
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
      return at('client', 'Giving back', 'The run is over: what follows ends the command.')
    case 'over':
      return at('client', overTitle(event), event.failure ?? '')
    default:
      return narrateConnection(event)
  }
}

/** Something that happened at one place. */
function at(actor: Actor, title: string, note = ''): Narration {
  return { title, note, from: actor, to: actor }
}

function overTitle({ exitCode, failure }: EventOf<'over'>): string {
  if (exitCode !== null) return `The run is over, with exit code ${exitCode}`
  return failure === undefined
    ? 'The run is over, without an exit code'
    : 'The run stopped before its end'
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

/** What each request of an exec is for. */
const purposes: readonly (readonly [RegExp, string])[] = [
  [
    /^GET .*\/containers\/[^/]+\/json/,
    'We look the container up, so that a mistyped name is reported as one.',
  ],
  [/^POST .*\/containers\/[^/]+\/exec/, 'We tell the daemon what to run, and it writes that down.'],
  [
    /^POST .*\/exec\/[^/]+\/resize/,
    'We tell the daemon how large our window is, in rows and columns: h and w.',
  ],
  [
    /^GET .*\/exec\/[^/]+\/json/,
    'We ask for the daemon’s note about the exec. The exit code is on it.',
  ],
]

function purposeOf({ method, path, connection }: EventOf<'request'>): string {
  const line = `${method} ${path}`
  if (/^POST .*\/exec\/[^/]+\/start/.test(line)) {
    return connection === 2
      ? 'We ask the daemon to start the command. The two upgrade headers ask for this connection, a second one, as its input and output.'
      : 'We ask the daemon to start the command in the background.'
  }
  return purposes.find(([pattern]) => pattern.test(line))?.[1] ?? 'We send a request.'
}

function meaningOf({ status, connection, body }: EventOf<'answer'>): string {
  if (status === 101) {
    return 'The daemon agrees: up to the blank line this is HTTP, and then no more.'
  }
  if (status >= 300) return `The daemon refuses: ${messageOf({ body }) || `status ${status}`}`
  return connection === 2
    ? 'The daemon answers, but not with 101: it has not given us the connection, or a proxy has removed the upgrade.'
    : meaningOfBody(body)
}

/** What an answer on the first connection tells us. */
function meaningOfBody(body: string): string {
  if (body.trim() === '') return 'Done. The daemon has nothing to add, so there is no body.'
  const { Id, Config, Running, ExitCode } = readFields(body)
  if (Config !== undefined)
    return 'There is such a container. We throw the rest of the answer away.'
  if (Running === true) return 'The command still runs, so it has no exit code yet.'
  if (typeof ExitCode === 'number') return `The command is over. Its exit code is ${ExitCode}.`
  return typeof Id === 'string' ? 'This is the exec ID. Every later request names it.' : ''
}

/** The fields of a body. None if it is not JSON, or is cut. */
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

/** What was not kept is said. */
function missingNote({ length, hex = '' }: PassedBytes, typed: boolean): string {
  const kept = hex.length / 2
  if (kept === length) return ''
  if (kept > 0) return `The tape has only the first ${kept} of them.`
  return typed ? 'What was typed is not on the tape.' : 'The bytes were counted and not kept.'
}

function narrateTerminal(
  event: EventOf<'terminal' | 'window' | 'signal'>,
  { flagsBefore }: Moment,
): Narration {
  switch (event.kind) {
    case 'window': {
      const title = `Window size ${event.rows} rows, ${event.columns} columns`
      return { from: 'terminal', to: 'client', title, note: '' }
    }
    case 'signal':
      return {
        ...{ from: senderOf(event.name), to: 'client' },
        title: `Signal ${event.name}`,
        note:
          event.name === 'SIGWINCH'
            ? 'The kernel tells us that the window has another size now.'
            : 'It ends this client.',
      }
    case 'terminal': {
      const [from, to]: [Actor, Actor] =
        event.moment === 'before' ? ['terminal', 'client'] : ['client', 'terminal']
      return { from, to, ...terminalWords(event, flagsBefore) }
    }
  }
}

/** The terminal sends these when its window changes or a key means them. Others come from outside. */
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
      return { title: 'Terminal read', note: 'Its flags before anything was changed.' }
    case 'raw':
      return {
        title: 'Raw mode on',
        note: 'Our terminal no longer interprets keys: each goes on at once, as its bytes.',
      }
    case 'after':
      return { title: 'Terminal read again', note: terminalVerdict(changedFlags(before, flags)) }
  }
}

/** The names of the flags that differ between two readings of a terminal. */
export function changedFlags(before: Flags = {}, after: Flags = {}): string[] {
  return Object.keys({ ...before, ...after }).filter((flag) => before[flag] !== after[flag])
}

/** Whether the terminal is whole after a run. */
export function terminalVerdict(changed: readonly string[]): string {
  return changed.length === 0
    ? 'The terminal is as it was before.'
    : `The terminal is NOT as it was before (${changed.join(', ')}): npm run rescue restores it.`
}

/** A flag that raw mode touches, and how it stood at each reading: `icanon`, `-icanon`. */
export type FlagRow = {
  readonly flag: string
  /** What raw mode changes about it. */
  readonly meaning: string
  /** Undefined for a reading that is missing or does not have the flag. */
  readonly cells: readonly (string | undefined)[]
}

/** Every flag that raw mode touches and that a reading has. */
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
        'That is Docker’s word for a connection that has left HTTP behind.',
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
        title: 'Half-close: we write no more',
        note: 'Our input is over, and this is how the command hears of it. We go on reading.',
      }
    case 'end':
      return {
        ...{ from: 'connection2', to: 'client' },
        title: 'End: the daemon writes no more',
        note: 'Nothing in the container holds the command’s output open any more: usually it has ended. Whether it succeeded, this does not tell.',
      }
    case 'cut':
      return {
        ...toDaemon,
        title: 'Cut: we closed the connection in both directions',
        note: 'This ends our session. It does not end the command.',
      }
    case 'keep-alive':
      return at(
        'connection2',
        `TCP keep-alive after ${event.milliseconds} ms`,
        'After such a silence the kernel sends an empty packet, so that no router forgets the connection.',
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

/** What the stages hold open, as the end of a sentence or as a line. */
export function heldText(held: readonly string[]): string {
  return `Held open: ${held.join(', ') || 'nothing'}`
}

/**
 * `1→` for what went to the daemon on connection 1, `←2` for what came from it on connection 2.
 * Undefined for what happened on our side.
 */
export function signOf({ from, to }: Narration): '1→' | '2→' | '←1' | '←2' | undefined {
  if (from === to) return undefined
  if (to === 'connection1') return '1→'
  if (to === 'connection2') return '2→'
  if (from === 'connection1') return '←1'
  return from === 'connection2' ? '←2' : undefined
}
