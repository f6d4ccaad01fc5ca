/**
 * What the tasks of several chapters look for in a session.
 *
 * @module
 */

import { bytesOf, exchangesIn, type TapeEvent } from '../tape/event.ts'
import { countOf } from '../text/count.ts'
import { hexText } from '../text/hex.ts'
import { type ShellCommand, shellCommandsIn } from './shell-commands.ts'
import type { SessionRecord } from './task.ts'

/** The commands whose line begins with one of these words: `ls` for `ls -l /`, not for `lsof`. */
export function commandsNamed(session: SessionRecord, ...names: readonly string[]): ShellCommand[] {
  return shellCommandsIn(session.events).filter(({ text }) =>
    names.includes(/^\S+/.exec(text)?.[0] ?? ''),
  )
}

/** `3 bytes out; back came 4 as echo and 41 as output` */
export function trafficOf({ typed, echoed, output, frames }: ShellCommand): string {
  const out = `${countOf(typed, 'byte')} out`
  return frames.length === 0
    ? `${out}; back came ${echoed} as echo and ${output.length} as output`
    : `${out}; back came ${countOf(frames.length, 'frame')}, no echo`
}

/** The first command that Ctrl-C has ended: the byte went out while it ran, and the prompt is back. */
export function interrupted(commands: readonly ShellCommand[]): ShellCommand | undefined {
  return commands.find(({ keys, isOver }) => isOver && keys.includes(0x03))
}

/** A full-screen program that was opened and left. */
export type FullScreen = {
  /** What came in between, in bytes. */
  readonly drawn: number
  /** Whether it drew on a screen of its own. */
  readonly isAlternate: boolean
}

/** Programs that draw. Some of them, in some images, have no screen of their own. */
const drawers = ['vi', 'vim', 'view', 'nano', 'less', 'more', 'top']

/** The first full-screen program that was left again, and not by the detach keys. */
export function fullScreenLeft(session: SessionRecord): FullScreen | undefined {
  const received = receivedIn(session.events)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences are the evidence.
  const [own] = /\x1b\[\?(?:47|1047|1049)h[\s\S]*?\x1b\[\?(?:47|1047|1049)l/.exec(received) ?? []
  if (own !== undefined) return { drawn: own.length, isAlternate: true }
  const other = commandsNamed(session, ...drawers).find(({ draws, isOver }) => draws && isOver)
  return other && { drawn: other.output.length, isAlternate: false }
}

/** What the daemon sent on connection 2, a character for each byte. */
function receivedIn(events: readonly TapeEvent[]): string {
  return events
    .flatMap((event) => (event.kind === 'received' ? bytesOf(event).toString('latin1') : []))
    .join('')
}

/** A size of the window that the daemon has taken. */
export type SentSize = {
  readonly rows: number
  readonly columns: number
  /** Its place among the events. */
  readonly place: number
}

/** The sizes that were sent and taken, in their order. The first is the one of the window as it was. */
export function sizesIn(events: readonly TapeEvent[]): SentSize[] {
  return exchangesIn(events).flatMap(({ request, answer }) => {
    const [, rows, columns] = /\/resize\?h=(\d+)&w=(\d+)$/.exec(request.path) ?? []
    if (rows === undefined || !answer || answer.status >= 300) return []
    return {
      ...{ rows: Number(rows), columns: Number(columns) },
      place: events.indexOf(request),
    }
  })
}

/** The first size that differs from the one before it in this direction, and in no direction otherwise. */
export function firstChange(
  events: readonly TapeEvent[],
  direction: 'smaller' | 'larger',
): SentSize | undefined {
  const sign = direction === 'smaller' ? -1 : 1
  return sizesIn(events).find((size, place, sizes) => {
    const before = sizes[place - 1]
    if (!before) return false
    const changes = [sign * (size.rows - before.rows), sign * (size.columns - before.columns)]
    return changes.every((change) => change >= 0) && changes.some((change) => change > 0)
  })
}

/** `3 bytes, 1b 5b 41`, and `one byte, 03`. */
export function bytesText(bytes: Uint8Array): string {
  const count = bytes.length === 1 ? 'one byte' : `${bytes.length} bytes`
  return `${count}, ${hexText(bytes)}`
}
