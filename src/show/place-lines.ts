/**
 * The place of a run as text: which engine, and which sandbox.
 *
 * @module
 */

import type { FoundEngine } from '../find/find-engine.ts'
import { hangingLines, widthOf, wrapText } from '../text/width.ts'
import type { Page } from './stage-lines.ts'

/** The width of the labels before the engine and the sandbox. */
const labelWidth = 11

/** Names the sandbox and the image that it was made from. */
export function sandboxLines(name: string, image: string, { width }: Page): string[] {
  const text = `${name}, from ${image}, removed at the end`
  return hangingLines('sandbox'.padEnd(labelWidth), text, width)
}

/** Names the engine, and says why it was chosen. */
export function engineLines({ engine, banner }: FoundEngine, page: Page): string[] {
  const label = 'engine'.padEnd(labelWidth)
  // You want to copy an address, so it gets a line of its own before it is broken.
  const isBeside = widthOf(engine.host) <= page.width - labelWidth
  return [
    ...(isBeside ? [label + engine.host] : [label.trim(), ...wrapText(engine.host, page.width)]),
    ...hangingLines(' '.repeat(labelWidth), banner, page.width),
  ]
}
