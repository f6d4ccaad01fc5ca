/**
 * The scope of a whole run: whatever ends it, everything goes back, and the terminal first of all.
 *
 * @module
 */

import { endSignals, onEndSignal } from '../process.ts'
import { createScope, type Scope } from '../scope.ts'
import { quietScreen } from '../terminal/screen.ts'
import { fastenSeatBelt } from '../terminal/seat-belt.ts'

/** How often we look whether npm still runs, in milliseconds. */
const lookEvery = 500

/** Opens it. A signal that ends the program gives back what is held first. */
export function openRunScope(): Scope {
  const scope = createScope()
  const end = async (why: string, exitCode: number): Promise<void> => {
    await scope.releaseAll().catch(() => {})
    // A menu hides the cursor while it waits, and a signal does not let it finish.
    if (process.stdout.isTTY && process.env.TERM !== 'dumb') process.stdout.write(quietScreen)
    process.stderr.write(`${why}: stopped, and everything was given back\n`)
    process.exit(exitCode)
  }
  onEndSignal((signal) => end(signal, 128 + endSignals[signal]))
  const unfasten = fastenSeatBelt()
  scope.hold('seat belt', unfasten, unfasten)
  if (process.env.npm_lifecycle_event) watchParent(() => end('npm has died', 1))
  return scope
}

/**
 * If npm is killed, nothing tells us, and the shell that started it reads the terminal again, at the
 * same time as we do. The one sign is that our parent is another process.
 */
function watchParent(onGone: () => void): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    onGone()
  }, lookEvery)
  timer.unref()
}
