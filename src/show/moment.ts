/**
 * Shows one moment of a tape: the event, the state so far, the terminal's
 * flags.
 *
 * @module
 */

import { fieldsOfHeader } from '../tape/grammar/frame-fields.ts'
import type { Moment } from '../tape/moments.ts'
import { changedFlags, flagRows, heldText, narrate } from '../tape/narrate.ts'
import { addedNames, changedNames, valueLines } from '../tape/state.ts'
import { onWireLines, type Portion } from '../tape/wire.ts'
import { milliseconds } from '../text/count.ts'
import { hexText } from '../text/hex.ts'
import { printable } from '../text/printable.ts'
import type { Style } from '../text/style.ts'
import { hangingLines, wrapText } from '../text/width.ts'
import { flagLines } from './flag-lines.ts'

/** Returns the heading of a moment: `12  36.9 ms  received`. */
export function momentTitle({ number, event }: Moment): string {
  return `${number}  ${milliseconds(event.at)}  ${event.kind}`
}

/** Returns the event in words, followed by its headers, body or bytes. */
export function eventLines(
  moment: Moment,
  width: number,
  portion: Partial<Portion> = {},
): string[] {
  const { event } = moment
  const { title, note } = narrate(moment)
  // Decoding JSON can produce control characters in the daemon's sentence.
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
        ...fieldsOfHeader(event).flatMap(({ bytes, brief = '' }) =>
          hangingLines(`  ${hexText(bytes).padEnd(13)}`, brief, width),
        ),
      ]
    case 'terminal':
      return [...words, ...(event.moment === 'raw' ? changedFlagLines(moment, width) : [])]
    default:
      return words
  }
}

/** Returns the result of a stage, without its duration. */
export function outcomeLines(moment: Moment, width: number): string[] {
  const story = moment.ended?.story ?? ''
  return [...wrapText(printable(story), width), ...passedOnLines(moment, width)]
}

/**
 * Lists what a stage added to the state, what it changed and what it holds
 * open.
 */
function passedOnLines({ stage, ended, state }: Moment, width: number): string[] {
  const before = stage?.state ?? {}
  return [
    ...valueLines(state, addedNames(before, state), '+', width),
    ...valueLines(state, changedNames(before, state), '~', width),
    ...wrapText(heldText(ended?.held ?? []), width),
  ]
}

/** Returns the state at this moment, and what the current stage added. */
export function stateAtLines(
  { stage, ended, state }: Moment,
  width: number,
  style: Style,
  fullIds = false,
): string[] {
  if (!stage) return ['No stage has started yet.']
  const before = stage.state
  const added = addedNames(before, state)
  const changed = changedNames(before, state)
  return [
    ...wrapText(`in: when stage ${stage.number}, ${stage.name}, began`, width).map(style.bold),
    ...valueLines(before, Object.keys(before), ' ', width, { fullIds }),
    '',
    ...(ended
      ? [
          style.bold('out: the same, plus'),
          ...valueLines(state, added, '+', width, { fullIds }).map(style.added),
          ...valueLines(state, changed, '~', width, { fullIds }),
          ...(added.length + changed.length === 0 ? ['  nothing'] : []),
          '',
          style.bold('held open'),
          ...wrapText(ended.held.join(', ') || 'nothing', width - 2).map((line) => `  ${line}`),
        ]
      : wrapText('The stage is still running and has added nothing yet.', width)),
  ]
}

/**
 * Returns the flags that raw mode affects: at the first reading, and at this
 * moment.
 */
export function terminalAtLines(
  moment: Moment,
  width: number,
  style: Style,
  isOpen: boolean,
): string[] {
  const { flags, flagsBefore, window } = moment
  const size = window
    ? wrapText(`Window size: ${window.rows} rows, ${window.columns} columns.`, width)
    : []
  if (!flags || !flagsBefore) {
    const none =
      'No terminal flags yet: they had not been read by then, or the input is not a terminal.'
    return [...size, ...wrapText(none, width)]
  }
  const isSame = changedFlags(flagsBefore, flags).length === 0
  return [
    ...size,
    ...(isSame ? wrapText('The flags were the same as at the start.', width) : []),
    ...flagLines(
      [
        ['before', flagsBefore],
        ['now', flags],
      ],
      ...([width, style, isOpen] as const),
    ),
  ]
}

/** Lists the flags that differ from the first reading. */
function changedFlagLines({ flags, flagsBefore }: Moment, width: number): string[] {
  const changed = changedFlags(flagsBefore, flags)
  return flagRows([flags])
    .filter(({ flag }) => changed.includes(flag))
    .flatMap(({ meaning, cells: [cell = ''] }) =>
      hangingLines(`  ${cell.padEnd(12)}`, meaning, width),
    )
}
