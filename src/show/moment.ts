/**
 * Shows one moment of a tape: the event, the state as far as it had come, the terminal's flags.
 *
 * @module
 */

import type { Moment } from '../tape/moments.ts'
import { changedFlags, flagRows, heldText, narrate } from '../tape/narrate.ts'
import { headerParts } from '../tape/pieces.ts'
import { addedNames, changedNames, valueLines } from '../tape/state.ts'
import { onWireLines, type Portion } from '../tape/wire.ts'
import { milliseconds } from '../text/count.ts'
import { printable } from '../text/printable.ts'
import type { Style } from '../text/style.ts'
import { hangingLines, wrapText } from '../text/width.ts'
import { flagLines } from './flag-lines.ts'

/** `12  36.9 ms  received`. */
export function momentTitle({ number, event }: Moment): string {
  return `${number}  ${milliseconds(event.at)}  ${event.kind}`
}

/** What happened, in words and as it was. */
export function eventLines(
  moment: Moment,
  width: number,
  portion: Partial<Portion> = {},
): string[] {
  const { event } = moment
  const { title, note } = narrate(moment)
  // A daemon's sentence inside JSON has its control characters only when the JSON has been read.
  const wrapped = (text: string): string[] => wrapText(printable(text), width)
  const words = wrapped(note === '' ? `${title}.` : `${title}. ${note}`)
  switch (event.kind) {
    case 'request':
    case 'answer':
      return [...(note === '' ? [] : wrapped(note)), ...onWireLines(moment, { width, ...portion })]
    case 'sent':
    case 'received':
      return event.hex === undefined
        ? words
        : [...words, ...onWireLines(moment, { width, ...portion })]
    case 'stage begins':
      return [...words, ...wrapped(event.question)]
    case 'stage ended':
      return [...words, ...passedOnLines(moment, width)]
    case 'frame':
      return [
        ...words,
        ...headerParts(event).flatMap(({ hex, meaning: says }) =>
          hangingLines(`  ${hex.padEnd(13)}`, says, width),
        ),
      ]
    case 'terminal':
      return [...words, ...(event.moment === 'raw' ? changedFlagLines(moment, width) : [])]
    default:
      return words
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
    ...wrapText(heldText(ended?.held ?? []), width),
  ]
}

/** The state as far as it had come, with what the stage of this moment has added. */
export function stateThenLines(
  { stage, ended, state }: Moment,
  width: number,
  style: Style,
  isWhole = false,
): string[] {
  if (!stage) return ['No stage has begun yet.']
  const before = stage.state
  const added = addedNames(before, state)
  const changed = changedNames(before, state)
  return [
    ...wrapText(`in, when stage ${stage.number}, ${stage.name}, began`, width).map(style.bold),
    ...valueLines(before, Object.keys(before), ' ', width, { isWhole }),
    '',
    ...(ended
      ? [
          style.bold('out: the same, and'),
          ...valueLines(state, added, '+', width, { isWhole }).map(style.added),
          ...valueLines(state, changed, '~', width, { isWhole }),
          ...(added.length + changed.length === 0 ? ['  nothing more'] : []),
          '',
          style.bold('held open'),
          ...wrapText(ended.held.join(', ') || 'nothing', width - 2).map((line) => `  ${line}`),
        ]
      : wrapText('The stage has not ended yet: there is nothing that it adds.', width)),
  ]
}

/** The flags that raw mode touches, as they were first and as they were then. */
export function terminalThenLines(
  moment: Moment,
  width: number,
  style: Style,
  isOpen: boolean,
): string[] {
  const { flags, flagsBefore, window } = moment
  const size = window
    ? wrapText(`The window: ${window.rows} rows, ${window.columns} columns.`, width)
    : []
  if (!flags || !flagsBefore) {
    const none = 'The terminal had not been read by then, or there was none: input was a pipe.'
    return [...size, ...wrapText(none, width)]
  }
  const isSame = changedFlags(flagsBefore, flags).length === 0
  return [
    ...size,
    ...(isSame ? wrapText('The terminal was as it had been first.', width) : []),
    ...flagLines(
      [
        ['before', flagsBefore],
        ['then', flags],
      ],
      ...([width, style, isOpen] as const),
    ),
  ]
}

/** The flags that differ from those at the first reading. */
function changedFlagLines({ flags, flagsBefore }: Moment, width: number): string[] {
  const changed = changedFlags(flagsBefore, flags)
  return flagRows([flags])
    .filter(({ flag }) => changed.includes(flag))
    .flatMap(({ meaning, cells: [cell = ''] }) =>
      hangingLines(`  ${cell.padEnd(12)}`, meaning, width),
    )
}
