/**
 * The scope of a whole run. However the run ends, everything it holds is
 * released, the terminal first.
 *
 * @module
 */

import { createScope, type Scope } from '../course/scope.ts'
import { onExit, watchNpm } from '../process/ending.ts'
import { warn } from '../process/failure.ts'
import { freshLine, softReset } from '../terminal/screen.ts'
import { startTerminalGuard } from '../terminal/terminal-guard.ts'

/**
 * Opens the scope. If a signal ends the program, everything it holds is
 * released first.
 *
 * @param options - `terminal`: false for a program that only writes, perhaps
 * in the background while another program has the terminal
 */
export function openRunScope({ terminal = true } = {}): Scope {
  const scope = createScope()
  onExit(async ({ why, signal }) => {
    const failed = await scope.releaseAll().then(
      () => undefined,
      (error: Error) => error.message,
    )
    // A menu hides the cursor while it waits, and a signal interrupts it in
    // mid-line.
    if (terminal && process.stdout.isTTY) {
      const { columns } = process.stdout
      const isDumb = process.env.TERM === 'dumb'
      process.stdout.write(isDumb ? '\n' : `${softReset}${freshLine(columns)}`)
    }
    if (signal) return
    const outcome = failed === undefined ? '; everything has been restored' : `, but ${failed}`
    warn(`${why}: stopped${outcome}`)
  })
  if (terminal) {
    const stopGuard = startTerminalGuard()
    scope.hold('terminal guard', stopGuard, stopGuard)
  }
  watchNpm()
  return scope
}
