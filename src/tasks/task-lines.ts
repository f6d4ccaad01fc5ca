/**
 * The tasks of a session as text: before it, during it and after it.
 *
 * @module
 */

import { printableLine } from '../text/printable.ts'
import type { Style } from '../text/style.ts'
import { hangingLines } from '../text/width.ts'
import type { Task, TaskResult } from './task.ts'

/** The width and style of the text. */
type Page = { readonly width: number; readonly style: Style }

/** A numbered list of what to try. Empty without tasks. */
export function taskLines(tasks: readonly Task[], page: Page): string[] {
  if (tasks.length === 0) return []
  return [
    page.style.bold('Try:'),
    ...tasks.flatMap(({ instruction }, at) =>
      hangingLines(`  ${at + 1} `, instruction, page.width),
    ),
  ]
}

/**
 * Every task, done or not, with the evidence for those done. Empty without
 * tasks.
 */
export function taskResultLines(results: readonly TaskResult[], page: Page): string[] {
  return results.flatMap((result) => {
    const lines = resultLines(result, page.width)
    return result.done ? lines.map(page.style.good) : lines.map(page.style.dim)
  })
}

/** One finished task, for a screen that we draw during the session. */
export function doneLines(result: TaskResult, page: Page): string[] {
  return resultLines(result, page.width).map(page.style.good)
}

function resultLines({ task, done }: TaskResult, width: number): string[] {
  const text = done ? `${task.instruction}: ${printableLine(done.evidence)}` : task.instruction
  return hangingLines(done ? '  ✓ ' : '  · ', text, width)
}

/**
 * The window title: the task done last, the count, and the next task. The
 * start matters most: tmux and many window managers cut off the rest.
 */
export function taskTitle(results: readonly TaskResult[], last?: TaskResult): string {
  const done = results.filter((result) => result.done).length
  const next = results.find((result) => !result.done)?.task.instruction
  const count = `${done} of ${results.length}`
  const start = last ? `✓ ${last.task.name} (${count})` : `${count} done`
  return next === undefined ? `${start}: all done` : `${start}. Next: ${next}`
}
