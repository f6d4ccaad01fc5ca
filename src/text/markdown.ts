/**
 * Formats a Markdown page for the screen: headings, paragraphs and lists,
 * wrapped to the window.
 *
 * @module
 */

import type { Style } from './style.ts'
import { hangingLines, wrapText } from './width.ts'

/**
 * Returns the lines of a Markdown page. Tables and images are not supported.
 */
export function pageLines(markdown: string, width: number, style: Style): string[] {
  return markdown
    .trim()
    .split(/\n{2,}/)
    .flatMap((block) => [...blockLines(block, width, style), ''])
}

function blockLines(block: string, width: number, style: Style): string[] {
  const [, heading] = /^#+ (.*)$/.exec(block) ?? []
  if (heading !== undefined) return wrapText(withoutMarks(heading), width).map(style.bold)
  // Each line that begins with a dash starts an item. The lines after it
  // belong to the item.
  const items = block.startsWith('- ') ? block.split(/\n(?=- )/) : undefined
  if (!items) return withBold(wrapText(withoutMarks(block), width), block, style)
  return items.flatMap((item) => {
    const text = item.slice('- '.length)
    return withBold(hangingLines('- ', withoutMarks(text), width), text, style)
  })
}

const boldOrCode = /\*\*([^*]*)\*\*|`([^`]*)`/g

/** Removes the markup. A link becomes its text. */
function withoutMarks(text: string): string {
  return text
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(boldOrCode, '$1$2')
    .replace(/\*([^*]*)\*/g, '$1')
}

/**
 * Makes bold what the source marks as bold or code. The two texts differ only
 * in the spaces where lines were wrapped, so only the other characters are
 * counted.
 */
function withBold(lines: readonly string[], source: string, style: Style): string[] {
  const flat = withoutMarks(source.replace(boldOrCode, '\0$1$2\0')).replaceAll(' ', '')
  let isBold = false
  const marks = [...flat].flatMap((character) => {
    if (character !== '\0') return [isBold]
    isBold = !isBold
    return []
  })
  return lines.map((line) => {
    const text = line.startsWith('- ') ? line.slice(2) : line
    const runs: { text: string; bold: boolean }[] = []
    for (const character of text) {
      const last = runs.at(-1)
      const bold = (character === ' ' ? last?.bold && marks[0] : marks.shift()) ?? false
      if (last?.bold === bold) last.text += character
      else runs.push({ text: character, bold })
    }
    const shown = runs.map(({ text, bold }) => (bold ? style.bold(text) : text)).join('')
    return line.slice(0, line.length - text.length) + shown
  })
}
