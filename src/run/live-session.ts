/**
 * A session that has the screen: how its tasks are shown, and how the screen
 * is restored.
 *
 * @module
 */

import type { Scope } from '../course/scope.ts'
import type { Recorder } from '../tape/recorder.ts'
import { type Task, type TaskResult, watchTasks } from '../tasks/task.ts'
import { doneLines, taskTitle } from '../tasks/task-lines.ts'
import { sessionReset } from '../terminal/screen.ts'
import { watchScreen } from '../terminal/screen-watch.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { hasTitle, saveTitle, titleSequence } from '../terminal/title.ts'
import { styleFor } from '../text/style.ts'

/** How a session is shown. */
export type SessionOptions = {
  readonly tasks: readonly Task[]
  /**
   * Whether only we write on the screen. Then each finished task gets a line
   * there.
   */
  readonly keepsScreen: boolean
  /** Whether the window's title may show the finished tasks. */
  readonly usesTitle: boolean
  /** Receives the tasks at the start and whenever one is finished. */
  readonly show: (results: readonly TaskResult[]) => void
}

/** A session that has the screen. */
export type LiveSession = {
  /** Call it when a key was pressed and has been shown. */
  readonly keyPressed: () => void
  /** Restores the screen and returns the results of the tasks. */
  readonly end: () => Promise<readonly TaskResult[]>
}

/** The width of a window of unknown size. */
const defaultColumns = 80

/**
 * Begins a session. A program that is still running after you detach, or
 * whose connection broke, cannot undo its changes to the screen. We undo
 * them, even if a signal ends us before the session is over.
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
    if (hasTitles) screen.insert(titleSequence(taskTitle(results, result)))
    if (!result || !keepsScreen) return
    const page = { width: size()?.columns ?? defaultColumns, style: styleFor(output, process.env) }
    // In raw mode the terminal does not turn \n into a new line at the first
    // column.
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
    output.write(sessionReset(screen.state(), size()?.columns ?? 0))
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

/**
 * Whether the output of the session appears on the terminal where you type.
 */
function isScreen({ inputIsTerminal, output }: Terminal): boolean {
  return inputIsTerminal && output.isTTY === true
}
