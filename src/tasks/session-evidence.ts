/**
 * Evidence in a session that the tasks of several chapters look for.
 *
 * @module
 */

import { bytesOf, exchangesIn, type TapeEvent } from '../tape/event.ts'
import { countOf } from '../text/count.ts'
import { hexText } from '../text/hex.ts'
import { type ShellCommand, shellCommandsIn } from './shell-commands.ts'
import type { SessionRecord } from './task.ts'

/**
 * The commands that start with one of these words: `ls` finds `ls -l /`, not
 * `lsof`.
 */
export function commandsNamed(session: SessionRecord, ...names: readonly string[]): ShellCommand[] {
  return shellCommandsIn(session.events).filter(({ text }) =>
    names.includes(/^\S+/.exec(text)?.[0] ?? ''),
  )
}

/** `sent 3 bytes; got back 4 of echo and 41 of output` */
export function trafficOf({ typed, echoed, output, frames }: ShellCommand): string {
  const sent = `sent ${countOf(typed, 'byte')}`
  return frames.length === 0
    ? `${sent}; got back ${echoed} of echo and ${output.length} of output`
    : `${sent}; got back ${countOf(frames.length, 'frame')}, no echo`
}

/**
 * The first command that Ctrl-C ended: 03 was sent while it ran, and the
 * prompt came back.
 */
export function interrupted(commands: readonly ShellCommand[]): ShellCommand | undefined {
  return commands.find(({ keys, isOver }) => isOver && keys.includes(0x03))
}

/** A full-screen program that was opened and quit. */
export type FullScreen = {
  /** How many bytes it drew. */
  readonly drawn: number
  /** Whether it used the alternate screen. */
  readonly isAlternate: boolean
}

/**
 * Full-screen programs. In some images some of them don't use the alternate
 * screen.
 */
const fullScreenPrograms = ['vi', 'vim', 'view', 'nano', 'less', 'more', 'top']

/**
 * The first full-screen program that was quit. Detaching from it doesn't
 * count.
 */
export function fullScreenLeft(session: SessionRecord): FullScreen | undefined {
  const received = receivedIn(session.events)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences are the evidence.
  const [own] = /\x1b\[\?(?:47|1047|1049)h[\s\S]*?\x1b\[\?(?:47|1047|1049)l/.exec(received) ?? []
  if (own !== undefined) return { drawn: own.length, isAlternate: true }
  const other = commandsNamed(session, ...fullScreenPrograms).find(
    ({ draws, isOver }) => draws && isOver,
  )
  return other && { drawn: other.output.length, isAlternate: false }
}

/** What the daemon sent on connection 2, one character per byte. */
function receivedIn(events: readonly TapeEvent[]): string {
  return events
    .flatMap((event) => (event.kind === 'received' ? bytesOf(event).toString('latin1') : []))
    .join('')
}

/** A window size that the daemon accepted. */
export type SentSize = {
  readonly rows: number
  readonly columns: number
  /** The index of the request among the events. */
  readonly index: number
}

/**
 * The sizes that were sent and accepted, in order. The first is the initial
 * size.
 */
export function sizesIn(events: readonly TapeEvent[]): SentSize[] {
  return exchangesIn(events).flatMap(({ request, answer }) => {
    const [, rows, columns] = /\/resize\?h=(\d+)&w=(\d+)$/.exec(request.path) ?? []
    if (rows === undefined || !answer || answer.status >= 300) return []
    return {
      ...{ rows: Number(rows), columns: Number(columns) },
      index: events.indexOf(request),
    }
  })
}

/**
 * The first size that changed only in this direction: smaller with neither
 * side larger, or the other way round.
 */
export function firstChange(
  events: readonly TapeEvent[],
  direction: 'smaller' | 'larger',
): SentSize | undefined {
  const sign = direction === 'smaller' ? -1 : 1
  return sizesIn(events).find((size, index, sizes) => {
    const before = sizes[index - 1]
    if (!before) return false
    const changes = [sign * (size.rows - before.rows), sign * (size.columns - before.columns)]
    return changes.every((change) => change >= 0) && changes.some((change) => change > 0)
  })
}

/** `3 bytes, 1b 5b 41` or `one byte, 03` */
export function bytesText(bytes: Uint8Array): string {
  const count = bytes.length === 1 ? 'one byte' : `${bytes.length} bytes`
  return `${count}, ${hexText(bytes)}`
}
