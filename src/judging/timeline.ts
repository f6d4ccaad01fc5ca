/**
 * The events of a trial as text, for a comparison with those of the reference.
 *
 * @module
 */

import { type EventKind, hasBytes, type TapeEvent } from '../tape/event.ts'
import { type Moment, momentsOf } from '../tape/moments.ts'
import { narrate, signOf } from '../tape/narrate.ts'
import { hexText, spelledText } from '../text/hex.ts'

/** Things that happened side by side have no order between them, so each has a lane of its own. */
const lanes: Readonly<Record<string, readonly EventKind[]>> = {
  'requests and answers': ['request', 'answer', 'no answer'],
  'the hijacked connection': ['sent', 'received', 'half-close', 'end', 'cut', 'keep-alive'],
  'the terminal': [
    'terminal',
    'reads input',
    'stops reading',
    'listens to the window',
    'stops listening',
  ],
  output: ['stdout', 'stderr'],
  'held and released': ['held', 'released'],
}

/** Shows what happened, lane by lane. Neighbouring bytes of one kind are one line. */
export function timelineText(events: readonly TapeEvent[]): string {
  const moments = momentsOf(events)
  return Object.entries(lanes)
    .map(([lane, kinds]) => {
      const lines = joinBytes(moments.filter(({ event }) => kinds.includes(event.kind))).map(lineOf)
      return `${lane}\n${lines.map((line) => `  ${line}\n`).join('') || '  nothing\n'}`
    })
    .join('')
}

function joinBytes(moments: readonly Moment[]): Moment[] {
  const joined: Moment[] = []
  for (const moment of moments) {
    const last = joined.at(-1)
    if (last && hasBytes(moment.event) && last.event.kind === moment.event.kind) {
      joined[joined.length - 1] = { ...last, pieces: [...last.pieces, ...moment.pieces] }
    } else {
      joined.push(moment)
    }
  }
  return joined
}

function lineOf(moment: Moment): string {
  const { event } = moment
  const narration = narrate(moment)
  const sign = signOf(narration)
  if (hasBytes(event)) {
    return `${sign ?? event.kind} ${bytesText(Buffer.concat(moment.pieces.map(({ bytes }) => bytes)))}`
  }
  const words = [sign, withoutIds(narration.title)].filter((word) => word !== undefined).join(' ')
  if (event.kind !== 'request') return words
  const upgrade = event.headers.find(([name]) => name.toLowerCase() === 'upgrade')
  const body = event.body.trim()
  return [words, ...(upgrade ? [upgrade.join(': ')] : []), ...(body ? [body] : [])].join('  ')
}

/** Takes out of a text what differs from run to run and would make every line a difference. */
export function withoutIds(path: string): string {
  return path.replace(/[0-9a-f]{64}/g, 'ID').replace(/\/containers\/[^/]+/, '/containers/box')
}

/** `68 69 0a  hi·`: hexadecimal digits, and the characters that they are. */
export function bytesText(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, 24)
  const more = bytes.length > shown.length ? ` … ${bytes.length} bytes` : ''
  return `${hexText(shown)}${more}  ${spelledText(shown)}`
}
