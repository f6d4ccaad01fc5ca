/**
 * Draws the column beside a session: the current situation, the tasks, and
 * the wire.
 *
 * @module
 */

import type { EventKind, TapeEvent } from '../tape/event.ts'
import { type Moment, momentsOf } from '../tape/moments.ts'
import { changedFlags } from '../tape/narrate.ts'
import { wireLines } from '../tape/wire.ts'
import { countOf } from '../text/count.ts'
import { printableLine } from '../text/printable.ts'
import type { Style } from '../text/style.ts'
import { cutText } from '../text/width.ts'

/** The size of the column. */
export type ColumnSize = { readonly width: number; readonly rows: number }

/** The kinds of events that are shown. */
const shownKinds = new Set<EventKind>([
  'request',
  'answer',
  'no answer',
  'sent',
  'received',
  'half-close',
  'end',
  'cut',
  'terminal',
  'window',
])

/** How many recent events are rendered: more than any window has rows. */
const maxEvents = 150

/** Returns the lines of the column, the newest events at the bottom. */
export function wireColumn(
  events: readonly TapeEvent[],
  { width, rows }: ColumnSize,
  style: Style,
  tasks: readonly string[] = [],
): string[] {
  const shown = events.filter(({ kind }) => shownKinds.has(kind))
  const recent = shown.slice(-maxEvents)
  const head = [
    ...nowLines(momentsOf(events).at(-1), width, style),
    ...(tasks.length > 0 ? ['', ...tasks] : []),
    style.dim('─'.repeat(width)),
  ]
  // Frame boundaries can only be found by reading from the first frame on.
  const upgrade = events.find((event) => event.kind === 'upgrade')
  const earlier = upgrade?.framing === 'stdcopy' ? [upgrade, ...shown.slice(0, -maxEvents)] : []
  const wire = wireLines(recent, { width, earlier, style, rows: 6, bodyLength: 200 })
  return [...head, ...wire.slice(-Math.max(0, rows - head.length))].slice(0, rows)
}

/**
 * Describes the current situation: stage, terminal, window, the two
 * connections.
 */
function nowLines(moment: Moment | undefined, width: number, style: Style): string[] {
  if (!moment) return []
  const { terminal, window, flags, flagsBefore, stage } = moment
  const changed = changedFlags(flagsBefore, flags).map((flag) =>
    flags?.[flag] ? flag : `-${flag}`,
  )
  const size = window ? `, ${window.rows} rows and ${window.columns} columns` : ''
  const line = (text: string): string => cutText(printableLine(text), width)
  return [
    style.bold(line(stage ? `Stage ${stage.number}, ${stage.name}` : 'No stage yet')),
    line(`your terminal  ${terminal}${size}`),
    ...(changed.length > 0 ? [style.dim(line(`  ${changed.join(' ')}`))] : []),
    style.first(line(`connection 1   ${moment.connection1}`)),
    style.second(line(`connection 2   ${moment.connection2}`)),
    style.second(line(`  ${countOf(moment.sent, 'byte')} sent, ${moment.received} received`)),
  ]
}
