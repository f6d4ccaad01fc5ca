/**
 * What is different between two runs, by their tapes.
 *
 * @module
 */

import { isSandboxName } from '../find/sandbox.ts'
import { eventLines, outcomeLines } from '../show/moment.ts'
import { headingLines, type Page } from '../show/stage-lines.ts'
import type { Tape, TapeEvent } from '../tape/event.ts'
import { type Moment, momentsOf } from '../tape/moments.ts'
import { valueLines } from '../tape/state.ts'
import { unifiedDiff } from '../text/difference.ts'
import { printableValue } from '../text/printable.ts'
import { plainStyle } from '../text/style.ts'
import { wrapText } from '../text/width.ts'

/**
 * A longer answer is the description of a whole container. What is in it and belongs to the run is in
 * the state as well; its IDs and dates are others for each sandbox.
 */
const longestCompared = 600

/** A diff puts a character before each line. */
const markWidth = 1

/**
 * The lines that lead from one run to the other one. What is otherwise in any two runs, the times
 * and the daemon's ID for the exec, is left out of it.
 *
 * @param names - what each run is called
 */
export function comparedLines(
  before: Tape,
  after: Tape,
  names: readonly [before: string, after: string],
  { width }: Page,
): string[] {
  const page: Page = { width: width - markWidth, style: plainStyle }
  const [from, to] = [before, after].map((tape, at) => ({
    label: names[at] ?? '',
    text: `${textOf(tape, page).join('\n')}\n`,
  }))
  const diff = from && to ? unifiedDiff(from, to, 1).trimEnd() : ''
  return diff === ''
    ? ['No difference.']
    : diff.split('\n').flatMap((line) => wrapText(line, width))
}

function textOf({ events }: Tape, page: Page): string[] {
  const chances = chancesIn(events)
  const named = printableValue(wholePieces(events).map((event) => withoutChance(event, chances)))
  return momentsOf(named).flatMap((moment) => {
    const { event } = moment
    const lines = linesOf(moment, page.width - 4).map((line) => `    ${line}`)
    return event.kind === 'stage begins'
      ? ['', ...headingLines(`${event.number} ${event.name}`, page), ...lines]
      : [event.kind, ...lines]
  })
}

/** Where one read ends and the next one begins is chance: what came in one go is one piece. */
function wholePieces(events: readonly TapeEvent[]): TapeEvent[] {
  const pieces: TapeEvent[] = []
  for (const event of events) {
    const last = pieces.at(-1)
    if (last?.kind === 'received' && event.kind === 'received') {
      const hex = [last, event].flatMap(({ hex = [] }) => hex)
      const length = last.length + event.length
      pieces.splice(-1, 1, { ...last, length, ...(hex.length > 0 && { hex: hex.join('') }) })
    } else pieces.push(event)
  }
  return pieces
}

function linesOf(moment: Moment, width: number): string[] {
  const { event } = moment
  switch (event.kind) {
    case 'stage begins':
      // What the first stage begins with is what was asked for; the others begin with what came of it.
      return event.number === 1
        ? valueLines(event.state, Object.keys(event.state), ' ', width)
        : eventLines(moment, width)
    case 'stage ended':
      return outcomeLines(moment, width)
    default:
      return eventLines(moment, width)
  }
}

/** A name that is by chance, and what to say instead. */
type Chance = readonly [name: string, instead: string]

/** The daemon's ID for the exec, which the stories shorten, and the name of a sandbox. */
function chancesIn(events: readonly TapeEvent[]): Chance[] {
  const states = events.flatMap((event) => (event.kind === 'stage ended' ? [event.state] : []))
  const { execId, container } = states.at(-1) ?? {}
  return [
    ...(typeof execId === 'string' && execId !== ''
      ? ([
          [execId, '<exec ID>'],
          [execId.slice(0, 12), '<exec ID>'],
        ] as const)
      : []),
    ...(typeof container === 'string' && isSandboxName(container)
      ? ([[container, '<sandbox>']] as const)
      : []),
  ]
}

/** The event with these words instead of those names. Bytes are as they were. */
function withoutChance(event: TapeEvent, chances: readonly Chance[]): TapeEvent {
  if (event.kind === 'answer' && event.body.length > longestCompared) {
    return { ...event, body: `(more than ${longestCompared} characters, which are not compared)` }
  }
  const text = chances.reduce(
    (text, [name, instead]) => text.replaceAll(name, instead),
    JSON.stringify(event),
  )
  return JSON.parse(text) as TapeEvent
}
