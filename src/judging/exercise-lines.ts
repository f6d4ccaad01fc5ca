/**
 * Formats the task of an exercise: its comment, its holes and its trials.
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
 * Returns the lines of a task.
 *
 * @param cases - the titles of the exercise's trials
 */
export function taskLines(
  exercise: Exercise,
  root: string,
  cases: readonly string[],
  page: Page,
): string[] {
  const original = readFileSync(join(root, originalFileOf(exercise)), 'utf8')
  const file = ownFileOf(exercise, root)
  // You can read a task before the file exists, or where it can't be created.
  const where = existsSync(file)
    ? (line: number) => `${displayPath(file)}, line ${line}:`
    : (line: number) =>
        `Line ${line} of your file, which npm run check ${wordsFor(exercise)} creates:`
  return [
    ...pageLines(commentOf(original), page.width, page.style),
    ...findHoles(original).flatMap(({ line, lines }) => [
      ...wrapText(where(line), page.width).map(page.style.dim),
      ...codeLines(lines, page),
      '',
    ]),
    page.style.bold('Your code is tested with:'),
    ...cases.flatMap((title) => hangingLines('- ', title, page.width)),
  ]
}

/** Returns the comment at the top of a file as Markdown. */
function commentOf(text: string): string {
  const [comment = ''] = /^\/\*\*[\s\S]*?\*\//.exec(text) ?? []
  return comment.replace(/^\/\*\*\n| *\*\/$|^ \* ?/gm, '').replace(/\n@module\n/, '\n')
}

/**
 * Wraps code for the window. Consecutive comment lines are joined and
 * rewrapped.
 */
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
