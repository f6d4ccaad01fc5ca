/**
 * Summarizes a session after it has ended.
 *
 * @module
 */

import type { WalkResult } from '../run/walk-chapter.ts'
import { hasBytes } from '../tape/event.ts'
import { keptPerDirection } from '../tape/recorder.ts'
import { type SentSize, sizesIn } from '../tasks/session-evidence.ts'
import { taskResultLines } from '../tasks/task-lines.ts'
import { printable } from '../text/printable.ts'
import { wrapText } from '../text/width.ts'
import type { Page } from './stage-lines.ts'

/**
 * Returns how the session ended, which tasks are done, and how often the
 * window was resized.
 *
 * @param isBeside - whether the session used only part of the window
 */
export function sessionLines(result: WalkResult, page: Page, isBeside = false): string[] {
  const { stages, unfinished, exitStory, leftRaw, tasks = [] } = result
  const wire = [...stages.flatMap((stage) => stage.wire), ...unfinished]
  const resizes = sizesIn(wire).slice(1)
  const last = resizes.at(-1)
  const isCut = wire.some((event) => hasBytes(event) && event.hex === undefined)
  const isAllDone = tasks.every(({ done }) => done)
  return [
    ...(exitStory === undefined ? [] : wrapText(printable(exitStory), page.width)),
    ...(leftRaw === undefined ? [] : wrapText(leftRaw, page.width).map(page.style.bad)),
    ...taskResultLines(tasks, page),
    ...(isCut && !isAllDone ? wrapText(cutText, page.width) : []),
    ...(last ? wrapText(resizeText(resizes.length, last, isBeside), page.width) : []),
  ]
}

const cutText = `Your session was longer than the ${keptPerDirection / 1024} KiB per direction that we record. Tasks you did after that are not ticked off.`

function resizeText(count: number, { rows, columns }: SentSize, isBeside: boolean): string {
  const times = count === 1 ? 'once' : `${count} times`
  const window = isBeside ? 'The session’s part of the window' : 'The window'
  return `${window} was resized ${times}. It now has ${rows} rows and ${columns} columns.`
}
