/**
 * A page of a chapter: its title and as many lines as fit in the window.
 *
 * @module
 */

import { warn } from '../process/failure.ts'
import { type Progress, readProgress } from '../questions/progress.ts'
import type { Page } from '../show/stage-lines.ts'
import { widthOf, wrapText } from '../text/width.ts'
import { type GuideSession, printLines } from './guide-session.ts'

/**
 * Returns the rows of the key line below a page and the blank line above it.
 */
function keyRows(): number {
  return (process.stdout.columns || 80) < 60 ? 3 : 2
}

/**
 * Starts a page. In a terminal that can draw, the previous page scrolls out
 * of view.
 */
export function openPage<First extends object>(
  { options, page }: GuideSession<First>,
  title: string,
  changed?: string,
): void {
  if (options.form === 'menus') {
    process.stdout.write(`${'\n'.repeat(rowsOf())}\x1b[H`)
  } else printLines('')
  const { right, asked } = scoreOf(readProgress(warn))
  const score = asked === 0 ? '' : `${right} of ${asked} correct`
  printLines(...pageHead(title, score, page))
  if (changed !== undefined) printLines(page.style.bad(changed))
  printLines('')
}

/** Waits for Enter below a page that has only one way on. */
export async function waitForEnter<First extends object>({
  ask,
}: Pick<GuideSession<First>, 'ask'>): Promise<void> {
  printLines('')
  await ask.key('', [{ value: undefined, label: 'continue', back: 'continue' }])
}

/**
 * Shows lines on as many pages as needed, and waits for Enter below each one.
 */
export async function showInPages<First extends object>(
  session: GuideSession<First>,
  title: string,
  changed: string | undefined,
  lines: readonly string[],
): Promise<void> {
  const room = roomOnPage(session, changed)
  for (let from = 0; from < lines.length; from += room) {
    openPage(session, title, changed)
    printLines(...lines.slice(from, from + room))
    await waitForEnter(session)
  }
}

/**
 * Returns the rows for content, between the title of a page and its keys or
 * question.
 */
export function roomOnPage<First extends object>(
  { options }: GuideSession<First>,
  changed: string | undefined,
  questionRows = 0,
): number {
  // Appended text has no height limit.
  if (options.form !== 'menus') return Number.POSITIVE_INFINITY
  return rowsOf() - Math.max(keyRows(), questionRows) - (changed === undefined ? 2 : 3)
}

/** Returns as many lines as fit, and says how many are missing. */
export function fitLines(lines: readonly string[], room: number): string[] {
  if (lines.length <= room) return [...lines]
  return [...lines.slice(0, room - 1), `… ${lines.length - room + 1} more lines: press v`]
}

function rowsOf(): number {
  return process.stdout.rows || 24
}

/**
 * Returns `── Chapter 4 of 7: raw mode ──── 5 of 7 correct ──`, or only the
 * title if the score does not fit.
 */
function pageHead(title: string, score: string, { width, style }: Page): string[] {
  const end = score === '' ? '' : ` ${score} ──`
  const room = width - widthOf(title) - 4 - widthOf(end)
  if (room < 2) return wrapText(title, width).map(style.bold)
  return [style.bold(`── ${title} ${'─'.repeat(room)}${end}`)]
}

/** Returns how many questions were answered, and how many of them right. */
function scoreOf({ chapters }: Progress): {
  readonly right: number
  readonly asked: number
} {
  const kept = Object.values(chapters)
  const right = kept.reduce((sum, { known = [] }) => sum + known.length, 0)
  const wrong = kept.reduce((sum, { comeBack = {} }) => sum + Object.keys(comeBack).length, 0)
  return { right, asked: right + wrong }
}
