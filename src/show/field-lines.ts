/**
 * Shows bytes field by field: their hexadecimal digits, the name of the
 * field, and what it means.
 *
 * @module
 */

import type { Field } from '../tape/fields.ts'
import { hexText } from '../text/hex.ts'
import { printable } from '../text/printable.ts'
import type { Style } from '../text/style.ts'
import { hangingLines, indented, wrapText } from '../text/width.ts'

/** How many bytes of a field are shown. */
const bytesShown = 7

/** The width of their digits, with an ellipsis and a gap. */
const hexWidth = 25

/** The width from which the digits and the meaning are side by side. */
const wideEnough = 64

/** How to show fields. */
export type FieldsView = {
  readonly width: number
  readonly style: Style
  /** Whether to add the general rule and its source. */
  readonly isOpen?: boolean
}

/** Returns the lines of some fields. */
export function fieldLines(fields: readonly Field[], view: FieldsView): string[] {
  return fields.flatMap((field) => linesOf(field, view))
}

function linesOf(field: Field, { width, style, isOpen = false }: FieldsView): string[] {
  const { bytes, name, meaning, always = '', source } = field
  const hex = bytes.length === 0 ? 'no bytes' : hexText(bytes.subarray(0, bytesShown))
  const digits = bytes.length > bytesShown ? `${hex} …` : hex
  const text = printable(`${name}: ${meaning}`).replaceAll('\n', ' ')
  const more = isOpen ? [always, ...(source ? [source.url] : [])] : []
  if (width < wideEnough) {
    const below = [text, ...more].flatMap((line) => wrapText(line, width - 4))
    return [style.bold(digits), ...indented(below, 4)]
  }
  const room = width - hexWidth
  return [
    ...hangingLines(digits.padEnd(hexWidth), text, width),
    ...indented(
      more.flatMap((line) => wrapText(line, room)),
      hexWidth,
    ).map(style.dim),
  ]
}
