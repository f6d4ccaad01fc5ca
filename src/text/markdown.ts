/**
 * Shows a page of prose on the screen: headings, paragraphs and lists, broken for the window.
 *
 * @module
 */

import type { Style } from './style.ts'
import { hangingLines, wrapText } from './width.ts'

/** The lines of a Markdown page. Its text is known: there are no tables and no pictures in it. */
export function pageLines(markdown: string, width: number, style: Style): string[] {
  return markdown
    .trim()
    .split(/\n{2,}/)
    .flatMap((block) => [...blockLines(block, width, style), ''])
}

function blockLines(block: string, width: number, style: Style): string[] {
  const [, heading] = /^#+ (.*)$/.exec(block) ?? []
  if (heading !== undefined) return wrapText(heading, width).map(style.bold)
  // A list has an item on each line that begins with a dash; the lines below it belong to it.
  if (block.startsWith('- ')) {
    return block
      .split(/\n(?=- )/)
      .flatMap((item) => hangingLines('- ', plain(item.slice(2)), width))
  }
  return wrapText(plain(block), width)
}

/** Text without marks: a link is its words. */
function plain(text: string): string {
  return text
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\*\*([^*]*)\*\*/g, '$1')
    .replace(/\*([^*]*)\*/g, '$1')
    .replaceAll('`', '')
}
