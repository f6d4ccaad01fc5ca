/**
 * Shows which engine and which sandbox a run uses.
 *
 * @module
 */

import type { FoundEngine } from '../find/find-engine.ts'
import { printable, printableLine } from '../text/printable.ts'
import { hangingLines, widthOf, wrapText } from '../text/width.ts'
import type { Page } from './stage-lines.ts'

/** The width of the labels before the engine and the sandbox. */
const labelWidth = 11

/** Returns the lines for the sandbox and its image. */
export function sandboxLines(name: string, image: string, { width }: Page): string[] {
  const text = printableLine(`${name}, from ${image}, removed at the end`)
  return hangingLines('sandbox'.padEnd(labelWidth), text, width)
}

/** Returns the lines for the engine and why it was chosen. */
export function engineLines({ engine, banner }: FoundEngine, page: Page): string[] {
  const host = printableLine(engine.host)
  const label = 'engine'.padEnd(labelWidth)
  // You may want to copy the address, so it moves to a line of its own before
  // it wraps.
  const isBeside = widthOf(host) <= page.width - labelWidth
  return [
    ...(isBeside ? [label + host] : [label.trim(), ...wrapText(host, page.width)]),
    ...hangingLines(' '.repeat(labelWidth), printable(banner), page.width),
  ]
}
