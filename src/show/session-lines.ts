/**
 * What a session has come to, told behind it.
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
 * How it was left, the tasks that were done and those that were not, and how often the window changed
 * its size.
 *
 * @param isBeside - the session had a part of the window only
 */
export function sessionLines(result: WalkResult, page: Page, isBeside = false): string[] {
  const { stages, unfinished, exitStory: leaving, leftRaw, tasks = [] } = result
  const wire = [...stages.flatMap((stage) => stage.wire), ...unfinished]
  const resizes = sizesIn(wire).slice(1)
  const last = resizes.at(-1)
  const isCut = wire.some((event) => hasBytes(event) && event.hex === undefined)
  const isAllDone = tasks.every(({ done }) => done)
  return [
    ...(leaving === undefined ? [] : wrapText(printable(leaving), page.width)),
    ...(leftRaw === undefined ? [] : wrapText(leftRaw, page.width).map(page.style.bad)),
    ...taskResultLines(tasks, page),
    ...(isCut && !isAllDone ? wrapText(cutText, page.width) : []),
    ...(last ? wrapText(resizeText(resizes.length, last, isBeside), page.width) : []),
  ]
}

const cutText = `Only the first ${keptPerDirection / 1024} KiB of a session are recorded, and yours was longer: what was done later is not ticked off.`

function resizeText(count: number, { rows, columns }: SentSize, isBeside: boolean): string {
  const times = count === 1 ? 'once' : `${count} times`
  const window = isBeside ? 'The session’s part of the window' : 'The window'
  return `${window} changed its size ${times}. Now it has ${rows} rows and ${columns} columns.`
}
