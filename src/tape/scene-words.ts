/**
 * What is to be seen in a scene of bytes. Every other scene is told by its events.
 *
 * @module
 */

import { bytesIn } from './event.ts'
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
      return 'Each piece of output is behind a header of eight bytes, here in brackets. Docker calls the two a frame. What we send has no headers: there is only one input.'
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
  const asked = events.some(
    (event, at) =>
      event.kind === 'received' && asksForCursor(event) && kinds.indexOf('sent', at) !== -1,
  )
    ? ' 1b 5b … 52 is no key: the shell asked where the cursor is, and your terminal answered.'
    : ''
  return `${begins}${keys}${asked}`
}

/** Whether ESC [ 6 n is in it. A terminal answers that with ESC [, its row and column, and R. */
function asksForCursor({ hex = '' }: { readonly hex?: string }): boolean {
  return hex.includes('1b5b366e')
}
