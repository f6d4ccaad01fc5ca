/**
 * The scope of a whole run: whatever ends it, everything goes back, and the terminal first of all.
 *
 * @module
 */

import { createScope, type Scope } from '../course/scope.ts'
import { onExit, watchNpm } from '../process/ending.ts'
import { freshLine, quietScreen } from '../terminal/screen.ts'
import { startTerminalGuard } from '../terminal/terminal-guard.ts'

/**
 * Opens it. Whatever ends the program from outside gives back what is held first.
 *
 * @param options - `terminal`: false for a program that only writes, and may do so in the background
 * while another one has the terminal
 */
export function openRunScope({ terminal = true } = {}): Scope {
  const scope = createScope()
  onExit(async ({ why, signal }) => {
    const failed = await scope.releaseAll().then(
      () => undefined,
      (error: Error) => error.message,
    )
    // A menu hides the cursor while it waits, and a signal does not let it finish its line.
    if (terminal && process.stdout.isTTY) {
      const { columns } = process.stdout
      const isDumb = process.env.TERM === 'dumb'
      process.stdout.write(isDumb ? '\n' : `${quietScreen}${freshLine(columns)}`)
    }
    if (signal) return
    const rest = failed === undefined ? '; everything has been restored' : `, but ${failed}`
    process.stderr.write(`${why}: stopped${rest}\n`)
  })
  if (terminal) {
    const unfasten = startTerminalGuard()
    scope.hold('seat belt', unfasten, unfasten)
  }
  watchNpm()
  return scope
}
