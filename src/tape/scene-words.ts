/**
 * What is to be seen in a scene of bytes. Every other scene is told by its events.
 *
 * @module
 */

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
  const [first] = kinds
  const begins =
    first === 'received'
      ? 'Bytes and nothing else. First comes what the command wrote when it began: a shell’s prompt.'
      : 'Bytes and nothing else.'
  const typed = kinds.includes('sent')
    ? ' Then a key goes out, and a letter comes back to your screen. Enter goes out as 0d.'
    : ''
  return `${begins}${typed}`
}
