/**
 * Shows the difference between two texts.
 *
 * @module
 */

import { structuredPatch } from 'diff'

/** A text and what it is called. */
export type Labelled = { readonly label: string; readonly text: string }

/**
 * The unified diff that leads from one text to another one. Empty where they are the same.
 *
 * @param context - how many lines around a change are shown
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
