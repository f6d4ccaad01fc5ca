/**
 * The tasks of a session as text: before it, while it runs, and behind it.
 *
 * @module
 */

import { printableLine } from '../text/printable.ts'
import type { Style } from '../text/style.ts'
import { hangingLines } from '../text/width.ts'
import type { Task, TaskResult } from './task.ts'

/** How wide the text may be. */
type Page = { readonly width: number; readonly style: Style }

/** What to try, a line each. Empty where there is nothing to try. */
export function taskLines(tasks: readonly Task[], page: Page): string[] {
  if (tasks.length === 0) return []
  return [
    page.style.bold('Try:'),
    ...tasks.flatMap(({ instruction: what }, at) => hangingLines(`  ${at + 1} `, what, page.width)),
  ]
}

/** What was done, with its evidence, and what was not. Empty where there was nothing to try. */
export function taskResultLines(results: readonly TaskResult[], page: Page): string[] {
  return results.flatMap((result) => {
    const lines = resultLines(result, page.width)
    return result.done ? lines.map(page.style.good) : lines.map(page.style.dim)
  })
}

/** One result, for a screen that is ours while the session runs. */
export function doneLines(result: TaskResult, page: Page): string[] {
  return resultLines(result, page.width).map(page.style.good)
}

function resultLines({ task, done }: TaskResult, width: number): string[] {
  const text = done ? `${task.instruction}: ${printableLine(done.evidence)}` : task.instruction
  return hangingLines(done ? '  ✓ ' : '  · ', text, width)
}

/**
 * The window's title: what was done last, how much of all, and what comes next. The beginning counts,
 * because many windows and the status line of tmux show no more.
 */
export function taskTitle(results: readonly TaskResult[], last?: TaskResult): string {
  const done = results.filter((result) => result.done).length
  const next = results.find((result) => !result.done)?.task.instruction
  const count = `${done} of ${results.length}`
  const begin = last ? `✓ ${last.task.name} (${count})` : `${count} done`
  return next === undefined ? `${begin}: all done` : `${begin}. Next: ${next}`
}
