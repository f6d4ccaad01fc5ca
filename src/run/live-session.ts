/**
 * The time in which the screen belongs to a session: what is announced in it, and how the screen comes
 * back.
 *
 * @module
 */

import type { Scope } from '../course/scope.ts'
import type { Recorder } from '../tape/recorder.ts'
import { type Task, type TaskResult, watchTasks } from '../tasks/task.ts'
import { doneLines, taskTitle } from '../tasks/task-lines.ts'
import { restoredScreen } from '../terminal/screen.ts'
import { watchScreen } from '../terminal/screen-watch.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { hasTitle, saveTitle, titled } from '../terminal/title.ts'
import { styleFor } from '../text/style.ts'

/** What a session is like for whoever looks on. */
export type SessionOptions = {
  readonly tasks: readonly Task[]
  /** Whether only we write on the screen. Then a task that is done gets a line there. */
  readonly keepsScreen: boolean
  /** Whether the window's title may show what was done. */
  readonly usesTitle: boolean
  /** Gets what has become of the tasks, at first and whenever one is done. */
  readonly show: (results: readonly TaskResult[]) => void
}

/** A session that has the screen. */
export type LiveSession = {
  /** A key was pressed and has been shown. */
  readonly keyPressed: () => void
  /** Gives the screen back. Returns what became of the tasks. */
  readonly end: () => Promise<readonly TaskResult[]>
}

/** The width of a window that nobody knows. */
const usualColumns = 80

/**
 * Begins one. A program that was left while it runs, or whose connection broke, cannot undo what it did
 * to the screen. We undo it, also if a signal ends us before the session has ended.
 *
 * @param keys - grows while keys are pressed
 */
export function beginSession(
  { tasks, keepsScreen, usesTitle, show }: SessionOptions,
  terminal: Terminal,
  recorder: Recorder,
  keys: readonly Uint8Array[],
  scope: Scope,
): LiveSession {
  const { output, size } = terminal
  const screen = isScreen(terminal) ? watchScreen(output) : undefined
  const hasTitles = screen !== undefined && usesTitle && tasks.length > 0 && hasTitle(output)
  const announce = (result: TaskResult | undefined, results: readonly TaskResult[]): void => {
    show(results)
    if (hasTitles) screen.slipIn(titled(taskTitle(results, result)))
    if (!result || !keepsScreen) return
    const page = { width: size()?.columns ?? usualColumns, style: styleFor(output, process.env) }
    // The terminal is raw, and makes no line end of a \n alone.
    output.write(
      doneLines(result, page)
        .map((line) => `${line}\r\n`)
        .join(''),
    )
  }
  if (hasTitles) output.write(saveTitle)
  const watch = watchTasks(tasks, recorder, keys, announce)
  announce(
    undefined,
    tasks.map((task) => ({ task })),
  )

  const held = scope.hold('screen', screen, () => {
    if (!screen) return
    screen.end()
    output.write(restoredScreen(screen.state(), size()?.columns ?? 0))
  })
  return {
    keyPressed() {
      if (keepsScreen) watch.look()
    },
    async end() {
      const results = watch.end()
      await held.release()
      return results
    },
  }
}

/** Whether what the session writes is seen by whoever types. */
function isScreen({ inputIsTerminal, output }: Terminal): boolean {
  return inputIsTerminal && output.isTTY === true
}
