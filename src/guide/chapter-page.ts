/**
 * A page of a chapter: its head, and as much below it as the window has room for.
 *
 * @module
 */

import { warn } from '../process/failure.ts'
import { type Progress, readProgress } from '../questions/progress.ts'
import type { Page } from '../show/stage-lines.ts'
import { widthOf, wrapText } from '../text/width.ts'
import { type GuideSession, printLines } from './guide-session.ts'

/** The rows that the keys below a page take, with the line above them. */
function keyRows(): number {
  return (process.stdout.columns || 80) < 60 ? 3 : 2
}

/** Begins a page. In a terminal that can draw, what stood there scrolls away. */
export function openPage<First extends object>(
  { options, page }: GuideSession<First>,
  title: string,
  changed?: string,
): void {
  if (options.form === 'menus') {
    process.stdout.write(`${'\n'.repeat(rowsOf())}\x1b[H`)
  } else printLines('')
  const { right, asked } = scoreOf(readProgress(warn))
  const score = asked === 0 ? '' : `guessed ${right} of ${asked}`
  printLines(...pageHead(title, score, page))
  if (changed !== undefined) printLines(page.style.bad(changed))
  printLines('')
}

/** Waits below a page from which there is one way only. */
export async function waitForEnter<First extends object>({
  ask,
}: Pick<GuideSession<First>, 'ask'>): Promise<void> {
  printLines('')
  await ask.key('', [{ value: undefined, label: 'go on', back: 'go on' }])
}

/** Shows lines on as many pages as they take, and waits for Enter below each one. */
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

/** Rows for the content of a page, below its head and above its keys or a question. */
export function roomOnPage<First extends object>(
  { options }: GuideSession<First>,
  changed: string | undefined,
  questionRows = 0,
): number {
  // What is only appended may be of any length.
  if (options.form !== 'menus') return Number.POSITIVE_INFINITY
  return rowsOf() - Math.max(keyRows(), questionRows) - (changed === undefined ? 2 : 3)
}

/** As many lines as there is room for. What is left out is counted. */
export function fitLines(lines: readonly string[], room: number): string[] {
  if (lines.length <= room) return [...lines]
  return [...lines.slice(0, room - 1), `… ${lines.length - room + 1} more lines: press v`]
}

function rowsOf(): number {
  return process.stdout.rows || 24
}

/** `── Chapter 4 of 7: raw mode ──── guessed 5 of 7 ──`; without room for the score, without it. */
function pageHead(title: string, score: string, { width, style }: Page): string[] {
  const end = score === '' ? '' : ` ${score} ──`
  const room = width - widthOf(title) - 4 - widthOf(end)
  if (room < 2) return wrapText(title, width).map(style.bold)
  return [style.bold(`── ${title} ${'─'.repeat(room)}${end}`)]
}

/** How many questions were answered right, of those that were answered. */
function scoreOf({ chapters }: Progress): {
  readonly right: number
  readonly asked: number
} {
  const kept = Object.values(chapters)
  const right = kept.reduce((sum, { known = [] }) => sum + known.length, 0)
  const wrong = kept.reduce((sum, { comeBack = {} }) => sum + Object.keys(comeBack).length, 0)
  return { right, asked: right + wrong }
}
