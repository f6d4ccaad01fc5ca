/**
 * The task of an exercise as text: its comment, its holes, and what it will be judged in.
 *
 * @module
 */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '../show/stage-lines.ts'
import { pageLines } from '../text/markdown.ts'
import { hangingLines, wrapText } from '../text/width.ts'
import { wordsFor } from './check-lines.ts'
import type { Exercise } from './exercise.ts'
import { displayPath } from './load.ts'
import { originalFileOf, ownFileOf } from './own-file.ts'
import { findHoles, holeMarker } from './solve.ts'

/**
 * The lines of a task.
 *
 * @param cases - the titles of the trials
 */
export function taskLines(
  exercise: Exercise,
  root: string,
  cases: readonly string[],
  page: Page,
): string[] {
  const original = readFileSync(join(root, originalFileOf(exercise)), 'utf8')
  const file = ownFileOf(exercise, root)
  // A task may be read before there is a file, and where none can be written.
  const where = existsSync(file)
    ? (line: number) => `${displayPath(file)}, line ${line}:`
    : (line: number) =>
        `Line ${line} of your file, which npm run check ${wordsFor(exercise)} makes:`
  return [
    ...pageLines(commentOf(original), page.width, page.style),
    ...findHoles(original).flatMap(({ line, lines }) => [
      ...wrapText(where(line), page.width).map(page.style.dim),
      ...codeLines(lines, page),
      '',
    ]),
    page.style.bold('What is tried:'),
    ...cases.flatMap((title) => hangingLines('- ', title, page.width)),
  ]
}

/** The comment at the beginning of a file, as the Markdown that it is. */
function commentOf(text: string): string {
  const [comment = ''] = /^\/\*\*[\s\S]*?\*\//.exec(text) ?? []
  return comment.replace(/^\/\*\*\n| *\*\/$|^ \* ?/gm, '').replace(/\n@module\n/, '\n')
}

/** Code, broken for the window. The lines of a comment are one text. */
function codeLines(lines: readonly string[], { width }: Page): string[] {
  const joined: string[] = []
  for (const line of lines) {
    const [, mark = '', text = ''] = /^( *\/\/ )(.*)$/.exec(line) ?? []
    const isMore =
      mark !== '' && joined.at(-1)?.startsWith(mark) && !joined.at(-1)?.endsWith(holeMarker)
    if (isMore) joined.push(`${joined.pop()} ${text}`)
    else joined.push(line)
  }
  return joined.flatMap((line) => {
    const [, indent = '', slashes = '', text = ''] = /^( *)(\/\/ )?(.*)$/.exec(line) ?? []
    const mark = `${indent}${slashes}`
    const [first = '', ...rest] = wrapText(text, Math.max(8, width - mark.length - 2))
    return [`${mark}${first}`, ...rest.map((part) => `${slashes ? mark : `${indent}  `}${part}`)]
  })
}
