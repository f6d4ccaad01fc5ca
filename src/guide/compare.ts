/**
 * Shows what differs between two runs: what was changed, and below it what came of that.
 *
 * @module
 */

import type { View, ViewedPage } from '../menus/viewer.ts'
import type { Page } from '../show/stage-lines.ts'
import type { Tape } from '../tape/event.ts'
import { printableLine, printableValue } from '../text/printable.ts'
import type { Style } from '../text/style.ts'
import { hangingLines, padText, widthOf, wrapText } from '../text/width.ts'
import { compareTapes } from './differences.ts'
import type { Difference } from './output-differences.ts'

/** What the two runs are called. */
export type RunNames = readonly [before: string, after: string]

/**
 * The differences between two runs, causes first. Two runs that are equal in all that is compared
 * say so.
 */
export function comparisonLines(before: Tape, after: Tape, names: RunNames, page: Page): string[] {
  const { causes, consequences } = printableValue(compareTapes(before, after))
  const { width, style } = page
  const titled = (text: string): string[] => wrapText(text, width).map(style.bold)
  if (causes.length + consequences.length === 0) {
    return wrapText(
      'The two runs are equal: the same settings, requests, answers, bytes and end. Not compared: IDs, times, the names of sandboxes, and where one read ends.',
      width,
    )
  }
  const legend = names.map(printableLine).join(' → ')
  return [
    ...wrapText(legend, width).map(style.dim),
    '',
    ...(causes.length > 0
      ? [...titled('What was changed'), ...groupLines(causes, page)]
      : wrapText('Both runs were asked for the same.', width)),
    '',
    ...(consequences.length > 0
      ? [...titled('What came of it'), ...groupLines(consequences, page)]
      : wrapText('Nothing else differs.', width)),
  ]
}

/** The same as one page of the viewer. */
export function comparisonPage(
  before: Tape,
  after: Tape,
  names: RunNames,
  style: Style,
): ViewedPage {
  const lines: View['lines'] = (width) => comparisonLines(before, after, names, { width, style })
  return { title: 'This run compared with the one before', views: [{ name: 'differences', lines }] }
}

/** The same as one JSON document. */
export function comparisonJson(before: Tape, after: Tape, names: RunNames): object {
  return { runs: names, ...compareTapes(before, after) }
}

/** Below this width the name of a part gets a line of its own. */
const compareWidth = 60

/** The differences below the parts of the run that they belong to. */
function groupLines(differences: readonly Difference[], { width, style }: Page): string[] {
  const places = [...new Set(differences.map(({ where }) => where))]
  const isNarrow = width < compareWidth
  const indent = isNarrow ? 2 : Math.max(...places.map(widthOf)) + 4
  return places.flatMap((place) => {
    const lines = differences
      .filter(({ where }) => where === place)
      .flatMap((difference) => differenceLines(difference, width - indent, style))
    const margin = ' '.repeat(indent)
    if (isNarrow) return [place, ...lines.map((line) => `${margin}${line}`)]
    return lines.map((line, at) =>
      at === 0 ? `  ${padText(place, indent - 2)}${line}` : `${margin}${line}`,
    )
  })
}

/** `Tty: true → false`, or below each other where one line is too short. */
function differenceLines(
  { what, before, after, note }: Difference,
  width: number,
  style: Style,
): string[] {
  const noted = note === undefined ? [] : wrapText(note, width).map(style.dim)
  if (before === undefined) {
    return [...hangingLines('+ ', `${what}: ${after}`, width).map(style.added), ...noted]
  }
  if (after === undefined) {
    return [...hangingLines('- ', `${what}: ${before}`, width).map(style.bad), ...noted]
  }
  const short = `~ ${what}: ${before} → ${after}`
  if (widthOf(short) <= width) {
    return [`~ ${what}: ${style.bad(before)} → ${style.added(after)}`, ...noted]
  }
  return [
    ...hangingLines('~ ', `${what}:`, width),
    ...hangingLines('    ', before, width).map(style.bad),
    ...hangingLines('  → ', after, width).map(style.added),
    ...noted,
  ]
}
