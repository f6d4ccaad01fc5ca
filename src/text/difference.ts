/**
 * Shows the difference between two texts.
 *
 * @module
 */

import { structuredPatch } from 'diff'

/** A text and its name. */
export type Labelled = { readonly label: string; readonly text: string }

/**
 * Returns the unified diff from one text to another, or '' if they are equal.
 *
 * @param context - the number of unchanged lines around a change
 */
export function unifiedDiff(from: Labelled, to: Labelled, context = 3): string {
  const { hunks } = structuredPatch('', '', from.text, to.text, '', '', { context })
  if (hunks.length === 0) return ''
  const lines = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines,
  ])
  return [`--- ${from.label}`, `+++ ${to.label}`, ...lines, ''].join('\n')
}
