/**
 * What is to be seen in a scene of bytes. Every other scene is told by its events.
 *
 * @module
 */

import { cursorReport } from '../terminal/screen.ts'
import { bytesIn, type TapeEvent } from './event.ts'
import type { Moment } from './moments.ts'
import type { Scene } from './scenes.ts'

/** A sentence or two for a learner who sees such bytes for the first time. Empty if none is needed. */
export function sceneWords({ name, moments }: Scene): string {
  switch (name) {
    case 'keys':
      return 'A line for each key: its bytes, and how people write them. None has left this machine.'
    case 'session':
      return sessionWords(moments)
    case 'frames':
      return `Each piece of output is behind a header of eight bytes, here in brackets. Docker calls the two a frame. What we send has no headers: there is only one input.${orderWords(moments)}`
    default:
      return ''
  }
}

function sessionWords(moments: readonly Moment[]): string {
  const kinds = moments.map(({ event }) => event.kind)
  const begins =
    kinds[0] === 'received'
      ? 'Bytes and nothing else. First comes what the command wrote when it began. A shell writes its prompt.'
      : 'Bytes and nothing else.'
  const events = moments.map(({ event }) => event)
  const sent = bytesIn(events, 'sent')
  const enter = sent.includes(0x0d) ? ' Enter goes out as 0d.' : ''
  const keys = kinds.includes('sent') ? ` Then your keys go out, and bytes come back.${enter}` : ''
  const report = firstIsCursorReport(events)
    ? ' 1b 5b … 52 is no key: the shell asked where the cursor is, and your terminal answered.'
    : ''
  return `${begins}${keys}${report}`
}

/**
 * Whether the shell asked with ESC [ 6 n before any key was pressed, and the first thing sent is the
 * terminal's answer: ESC [, the cursor's row and column, and R.
 */
function firstIsCursorReport(events: readonly TapeEvent[]): boolean {
  const sentAt = events.findIndex(({ kind }) => kind === 'sent')
  const isAsked = bytesIn(events.slice(0, sentAt), 'received').includes('\x1b[6n')
  const first = bytesIn(events.slice(sentAt, sentAt + 1), 'sent').toString('latin1')
  return isAsked && first.search(cursorReport) === 0
}

/** Where both outputs are there: the daemon reads them from two pipes. */
function orderWords(moments: readonly Moment[]): string {
  const streams = new Set(
    moments.flatMap(({ pieces }) => pieces.flatMap(({ frame }) => (frame ? [frame.stream] : []))),
  )
  return streams.size > 1 ? ' Nothing says which of two outputs was written first.' : ''
}
