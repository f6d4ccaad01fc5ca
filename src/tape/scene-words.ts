/**
 * Explains scenes that consist of bytes. Other scenes are explained by the
 * notes of their events.
 *
 * @module
 */

import { cursorReport } from '../terminal/screen.ts'
import { bytesIn, type TapeEvent } from './event.ts'
import type { Moment } from './moments.ts'
import type { Scene } from './scenes.ts'

/**
 * Returns a sentence or two for a learner who sees such bytes for the first
 * time, or ''.
 */
export function sceneWords({ name, moments }: Scene): string {
  switch (name) {
    case 'keys':
      return 'One line per key: its bytes and its usual name. Nothing has been sent to the daemon yet.'
    case 'session':
      return sessionWords(moments)
    case 'frames':
      return `Each chunk of output, the payload, follows an eight-byte header, shown in brackets. Header and payload together are a frame. Our input needs no headers: it is a single stream.${orderWords(moments)}`
    default:
      return ''
  }
}

function sessionWords(moments: readonly Moment[]): string {
  const kinds = moments.map(({ event }) => event.kind)
  const begins =
    kinds[0] === 'received'
      ? 'Only bytes, no headers. The command’s first output comes first: a shell prints its prompt.'
      : 'Only bytes, no headers.'
  const events = moments.map(({ event }) => event)
  const sent = bytesIn(events, 'sent')
  const enter = sent.includes(0x0d) ? ' Enter is sent as 0d.' : ''
  const keys = kinds.includes('sent') ? ` Your keys go out and bytes come back.${enter}` : ''
  const report = firstIsCursorReport(events)
    ? ' 1b 5b … 52 is not a key: the shell asked for the cursor position and your terminal answered.'
    : ''
  return `${begins}${keys}${report}`
}

/**
 * Whether the shell asked for the cursor position (ESC [ 6 n) before any key
 * was pressed, and the first bytes sent are the terminal's answer: ESC [, the
 * row and column, and R.
 */
function firstIsCursorReport(events: readonly TapeEvent[]): boolean {
  const sentAt = events.findIndex(({ kind }) => kind === 'sent')
  const isAsked = bytesIn(events.slice(0, sentAt), 'received').includes('\x1b[6n')
  const first = bytesIn(events.slice(sentAt, sentAt + 1), 'sent').toString('latin1')
  return isAsked && first.search(cursorReport) === 0
}

/**
 * The warning about order if both streams occur: the daemon reads them from
 * two pipes.
 */
function orderWords(moments: readonly Moment[]): string {
  const streams = new Set(
    moments.flatMap(({ pieces }) => pieces.flatMap(({ frame }) => (frame ? [frame.stream] : []))),
  )
  return streams.size > 1
    ? ' The order of the frames does not say which stream was written first.'
    : ''
}
