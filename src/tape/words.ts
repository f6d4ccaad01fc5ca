/**
 * An event of a tape in words.
 *
 * @module
 */

import { messageOf } from '../stream/http.ts'
import { streamName } from './header.ts'
import type { Moment } from './moments.ts'
import type { TapeEvent } from './recorded.ts'

type EventOf<Kind extends TapeEvent['kind']> = Extract<TapeEvent, { kind: Kind }>

/** What happened, in a sentence or two. */
export function wordsOf({ event, stage, flagsBefore }: Moment): string {
  switch (event.kind) {
    case 'stage begins':
      return `Stage ${event.number}, ${event.name}, begins. It ${event.title}.`
    case 'stage ended':
      return `Stage ${event.number}${stage ? `, ${stage.name},` : ''} has ended after ${milliseconds(event.milliseconds)}. ${event.story}`
    case 'request':
      return requestWords(event)
    case 'answer':
      return answerWords(event)
    case 'upgrade':
      return event.framing === 'raw'
        ? 'The second connection is no HTTP any more. What the terminal in the container writes comes as it is, without frames.'
        : 'The second connection is no HTTP any more. Output comes in stdcopy frames: a header of 8 bytes says which stream and how long, then comes the payload.'
    case 'sent':
      return sentWords(event)
    case 'received':
      return `${countOf(event.length, 'byte')} from the daemon.${missing(event)}`
    case 'frame':
      return `The header of a frame of ${streamName(event.stream)}: its payload is the next ${countOf(event.length, 'byte')}.`
    case 'terminal':
      return terminalWords(event, flagsBefore)
    case 'window':
      return `Our window has ${event.rows} rows and ${event.columns} columns.`
    case 'signal':
      return event.name === 'SIGWINCH'
        ? 'SIGWINCH: the window has changed its size.'
        : `${event.name}: somebody ended the workbook.`
    case 'half-close':
      return 'We half-closed the connection: nothing more goes from us to the command. We go on reading.'
    case 'end':
      return 'The daemon has ended its side: no more output will come.'
    case 'over':
      return overWords(event)
  }
}

/** `1 byte`, `23 bytes`. */
export function countOf(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}

/** `36.9 ms`. */
export function milliseconds(time: number): string {
  return `${time.toFixed(1)} ms`
}

/** What each request of an exec is for. */
const purposes: readonly (readonly [RegExp, string])[] = [
  [
    /^GET .*\/containers\/[^/]+\/json/,
    'We ask for the container and throw the answer away: it is there so that a wrong name is reported as such.',
  ],
  [/^POST .*\/containers\/[^/]+\/exec/, 'We tell the daemon what to run. It writes it down.'],
  [/^POST .*\/exec\/[^/]+\/resize/, 'We tell the daemon how large our window is.'],
  [/^GET .*\/exec\/[^/]+\/json/, 'We ask for the daemon’s note about the exec: the exit code.'],
]

function requestWords({ method, path, connection }: EventOf<'request'>): string {
  const line = `${method} ${path}`
  if (/^POST .*\/exec\/[^/]+\/start/.test(line)) {
    return connection === 2
      ? 'We ask to start the command, on a second connection, and to have that connection for its input and output.'
      : 'We ask to start the command in the background.'
  }
  return purposes.find(([pattern]) => pattern.test(line))?.[1] ?? 'We send a request.'
}

function answerWords({ status, connection, body }: EventOf<'answer'>): string {
  if (status === 101) {
    return 'The daemon agrees: what follows on this connection is not HTTP.'
  }
  if (status >= 300) return `The daemon refuses: ${messageOf({ body }) || `status ${status}`}`
  return connection === 2
    ? 'The daemon answers, but not with 101: it has not given us the connection, or a proxy has taken out the upgrade.'
    : 'The daemon answers.'
}

function sentWords(event: EventOf<'sent' | 'received'>): string {
  const { length, typed, hex } = event
  if (!typed) return `${countOf(length, 'byte')} to the command, of our own.${missing(event)}`
  if (hex === undefined) {
    return `${countOf(length, 'byte')} to the command that came from standard input. What they were is not on the tape.`
  }
  return `${countOf(length, 'byte')} to the command, from standard input.${missing(event)}`
}

/** What was not kept is said. */
function missing({ length, hex = '' }: EventOf<'sent' | 'received'>): string {
  const kept = hex.length / 2
  return kept < length ? ` The tape has the first ${kept} of them.` : ''
}

function terminalWords(
  { moment, flags }: EventOf<'terminal'>,
  before: Moment['flagsBefore'],
): string {
  if (moment === 'before') return 'Our terminal, before anything was done to it.'
  if (moment === 'raw') return 'Our terminal is raw: it interprets nothing any more.'
  const names = Object.keys({ ...before, ...flags })
  const same = names.every((name) => before?.[name] === flags[name])
  return same
    ? 'Our terminal is as it was before.'
    : 'Our terminal is NOT as it was before: npm run rescue brings it back.'
}

function overWords({ exitCode, failure }: EventOf<'over'>): string {
  if (failure !== undefined) return `The run stopped before its end: ${failure}`
  return exitCode === null
    ? 'The run is over. It did not get as far as an exit code.'
    : `The run is over, with exit code ${exitCode}.`
}
