/**
 * Shows how two runs differ: first what was changed, then the effects.
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

/** The names of the two runs. */
export type RunNames = readonly [before: string, after: string]

/**
 * Returns the differences between two runs, causes first, or a sentence that
 * says the runs are identical.
 */
export function comparisonLines(before: Tape, after: Tape, names: RunNames, page: Page): string[] {
  const { causes, consequences } = printableValue(compareTapes(before, after))
  const { width, style } = page
  const titled = (text: string): string[] => wrapText(text, width).map(style.bold)
  if (causes.length + consequences.length === 0) {
    return wrapText(
      'The two runs are identical: same settings, requests, answers, bytes and ending. Not compared: IDs, times, sandbox names and read boundaries.',
      width,
    )
  }
  const legend = names.map(printableLine).join(' → ')
  return [
    ...wrapText(legend, width).map(style.dim),
    '',
    ...(causes.length > 0
      ? [...titled('What was changed'), ...groupLines(causes, page)]
      : wrapText('Both runs had the same settings.', width)),
    '',
    ...(consequences.length > 0
      ? [...titled('What happened as a result'), ...groupLines(consequences, page)]
      : wrapText('Nothing else differs.', width)),
  ]
}

/** Returns the same differences as one page of the viewer. */
export function comparisonPage(
  before: Tape,
  after: Tape,
  names: RunNames,
  style: Style,
): ViewedPage {
  const lines: View['lines'] = (width) => comparisonLines(before, after, names, { width, style })
  return {
    title: 'This run compared with the previous one',
    views: [{ name: 'differences', lines }],
  }
}

/** Returns the same differences as one JSON document. */
export function comparisonJson(before: Tape, after: Tape, names: RunNames): object {
  return { runs: names, ...compareTapes(before, after) }
}

/** Below this width, each part's name gets its own line. */
const compareWidth = 60

/** Groups the differences by the part of the run that they belong to. */
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

/**
 * Returns `Tty: true → false`, split over several lines if it is too long.
 */
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
