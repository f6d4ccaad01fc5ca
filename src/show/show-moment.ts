/**
 * Shows one moment of a tape: the event, the state as far as it had come, the terminal's flags.
 *
 * @module
 */

import type { FrameHeader } from '../tape/header.ts'
import type { Moment } from '../tape/moments.ts'
import type { TapeEvent } from '../tape/recorded.ts'
import { addedNames, changedNames, valueLines } from '../tape/state.ts'
import type { WireEvent } from '../tape/tape.ts'
import { milliseconds, wordsOf } from '../tape/words.ts'
import { flagMeanings } from '../terminal/modes.ts'
import { printable } from '../text/printable.ts'
import type { Style } from '../text/style.ts'
import { hangingLines, wrapText } from '../text/width.ts'
import { explainHeader } from './show-frames.ts'
import { type whole, wireLines } from './show-wire.ts'

/** `12  36.9 ms  received`. */
export function momentTitle({ number, event }: Moment): string {
  return `${number}  ${milliseconds(event.at)}  ${event.kind}`
}

/** What happened, in words and as it was. */
export function eventLines(
  moment: Moment,
  width: number,
  portion: Partial<typeof whole> = {},
): string[] {
  const { event } = moment
  // A daemon's sentence inside JSON has its control characters only when the JSON has been read.
  const words = wrapText(printable(wordsOf(moment)), width)
  switch (event.kind) {
    case 'stage begins':
      return [...words, ...wrapText(event.question, width)]
    case 'stage ended':
      return [...words, ...passedOnLines(moment, width)]
    case 'frame':
      return [...words, ...headerLines(event, width)]
    case 'terminal':
      return [...words, ...(event.moment === 'raw' ? changedFlags(moment, width) : [])]
    default: {
      const wire = asWire(event)
      return wire ? [...words, ...wireLines([wire], { width, ...portion })] : words
    }
  }
}

/** What came of a stage, without the time that it took. */
export function outcomeLines(moment: Moment, width: number): string[] {
  const story = moment.ended?.story ?? ''
  return [...wrapText(printable(story), width), ...passedOnLines(moment, width)]
}

/** What a stage has added to the state, and what it holds open. */
function passedOnLines({ stage, ended, state }: Moment, width: number): string[] {
  const before = stage?.state ?? {}
  return [
    ...valueLines(state, addedNames(before, state), '+', width),
    ...valueLines(state, changedNames(before, state), '~', width),
    ...wrapText(`Held open: ${ended?.held.join(', ') || 'nothing'}`, width),
  ]
}

/** The event as the wire's own, where it was on the wire. */
function asWire(event: TapeEvent): WireEvent | undefined {
  switch (event.kind) {
    case 'request':
    case 'answer':
      return event
    case 'sent':
    case 'received': {
      if (event.hex === undefined) return undefined
      const { at, kind, length } = event
      return { at, kind, connection: 2, bytes: Buffer.from(event.hex, 'hex'), length }
    }
    default:
      return undefined
  }
}

/** The eight bytes of a frame's header, one after the other. */
function headerLines(header: FrameHeader, width: number): string[] {
  return explainHeader(header).flatMap(([hex, meaning]) =>
    hangingLines(`  ${hex.padEnd(13)}`, meaning, width),
  )
}

/** The state as far as it had come, with what the stage of this moment has added. */
export function stateThenLines(
  { stage, ended, state }: Moment,
  width: number,
  style: Style,
): string[] {
  if (!stage) return ['No stage has begun yet.']
  const before = stage.state
  const added = addedNames(before, state)
  const changed = changedNames(before, state)
  return [
    ...wrapText(`in, when stage ${stage.number}, ${stage.name}, began`, width).map(style.bold),
    ...valueLines(before, Object.keys(before), ' ', width),
    '',
    ...(ended
      ? [
          style.bold('out: the same, and'),
          ...valueLines(state, added, '+', width).map(style.added),
          ...valueLines(state, changed, '~', width),
          ...(added.length + changed.length === 0 ? ['  nothing more'] : []),
          '',
          style.bold('held open'),
          ...wrapText(ended.held.join(', ') || 'nothing', width - 2).map((line) => `  ${line}`),
        ]
      : wrapText('The stage has not ended yet: there is nothing that it adds.', width)),
  ]
}

/** Every flag that raw mode touches, as it was first and as it was then. */
export function terminalThenLines(moment: Moment, width: number): string[] {
  const { flags, flagsBefore, window } = moment
  const size = window
    ? wrapText(`The window: ${window.rows} rows, ${window.columns} columns.`, width)
    : []
  if (!flags || !flagsBefore) {
    const none = 'The terminal had not been read by then, or there was none: input was a pipe.'
    return [...size, ...wrapText(none, width)]
  }
  const rows = knownFlags(flagsBefore).flatMap(([flag, meaning]) => [
    `${shown(flagsBefore, flag).padEnd(10)}${shown(flags, flag)}`,
    ...wrapText(`raw: ${meaning}`, width - 4).map((line) => `    ${line}`),
  ])
  return [...size, `${'before'.padEnd(10)}then`, ...rows]
}

/** The flags that are otherwise than they were first. */
function changedFlags({ flags = {}, flagsBefore = {} }: Moment, width: number): string[] {
  return knownFlags(flagsBefore)
    .filter(([flag]) => flags[flag] !== flagsBefore[flag])
    .flatMap(([flag, meaning]) =>
      hangingLines(`  ${shown(flags, flag).padEnd(12)}`, meaning, width),
    )
}

function knownFlags(
  flags: Readonly<Record<string, boolean>>,
): (readonly [flag: string, meaning: string])[] {
  return flagMeanings.filter(([flag]) => Object.hasOwn(flags, flag))
}

function shown(flags: Readonly<Record<string, boolean>>, flag: string): string {
  return flags[flag] ? flag : `-${flag}`
}
