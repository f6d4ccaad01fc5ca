/**
 * Prints the events of a trial, to compare them with the reference's.
 *
 * @module
 */

import { type EventKind, exchangesIn, hasBytes, type TapeEvent } from '../tape/event.ts'
import { type Moment, momentsOf } from '../tape/moments.ts'
import { narrate, signOf } from '../tape/narrate.ts'
import type { Piece } from '../tape/pieces.ts'
import { joinBytes } from '../tape/wire.ts'
import { escapedText, hexText } from '../text/hex.ts'

/** Concurrent events have no fixed order, so each kind has its own lane. */
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
  'standard output': ['stdout'],
  'standard error': ['stderr'],
  'held and released': ['held', 'released'],
}

/**
 * Prints the events lane by lane. Consecutive bytes in one direction share a
 * line.
 */
export function timelineText(events: readonly TapeEvent[]): string {
  const moments = dropRacyEvents(momentsOf(events))
  return Object.entries(lanes)
    .map(([lane, kinds]) => {
      const lines = joinBytes(moments.filter(({ event }) => kinds.includes(event.kind))).map(lineOf)
      return `${lane}\n${lines.map((line) => `  ${line}\n`).join('') || '  nothing\n'}`
    })
    .join('')
}

/**
 * Keeps one resize request of each size and drops the answers. How often a
 * resize is retried varies from run to run: the process may not have its
 * terminal yet.
 */
function dropRacyEvents(moments: readonly Moment[]): Moment[] {
  const resizes = exchangesIn(moments.map(({ event }) => event)).filter(({ request }) =>
    request.path.includes('/resize?'),
  )
  const paths = new Set<string>()
  const repeated = resizes.flatMap(({ request }) => {
    const isFirst = !paths.has(request.path)
    paths.add(request.path)
    return isFirst ? [] : [request]
  })
  const dropped = new Set<unknown>([...repeated, ...resizes.map(({ answer }) => answer)])
  return moments.filter(({ event }) => !dropped.has(event))
}

function lineOf(moment: Moment): string {
  const { event } = moment
  const narration = narrate(moment)
  const sign = signOf(narration)
  if (hasBytes(event)) {
    // Which of the two streams comes first is a race inside the container.
    const pieces = moment.pieces.toSorted((one, other) => streamOf(one) - streamOf(other))
    return `${sign ?? event.kind} ${bytesText(Buffer.concat(pieces.map(({ bytes }) => bytes)))}`
  }
  const words = [sign, withoutIds(narration.title)].filter((word) => word !== undefined).join(' ')
  if (event.kind !== 'request') return words
  const upgrade = event.headers.find(([name]) => name.toLowerCase() === 'upgrade')
  const body = event.body.trim()
  return [words, ...(upgrade ? [upgrade.join(': ')] : []), ...(body ? [body] : [])].join('  ')
}

function streamOf({ frame }: Piece): number {
  return frame?.stream ?? 0
}

/** Replaces IDs and container names, which differ from run to run. */
export function withoutIds(path: string): string {
  return path.replace(/[0-9a-f]{64}/g, 'ID').replace(/(\/containers\/(?:\/|%2F)*)[^/]+/i, '$1box')
}

/** Prints bytes as hexadecimal digits and characters: `68 69 0a  hi·`. */
export function bytesText(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, 24)
  const more = bytes.length > shown.length ? ` … ${bytes.length} bytes` : ''
  return `${hexText(shown)}${more}  ${escapedText(shown)}`
}
