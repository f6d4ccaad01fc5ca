/**
 * Restores the terminal if this program is killed.
 *
 * On a normal exit, or on a signal that it can catch, the program restores
 * the terminal itself. It cannot do that after SIGKILL or a crash. So a small
 * shell waits on a pipe from the program. When the program dies, the kernel
 * closes the pipe and the shell restores the modes and the screen.
 *
 * @module
 */

import { spawn } from 'node:child_process'
import { isatty } from 'node:tty'
import { readModes, unknownModes } from './modes.ts'
import { fullReset } from './screen.ts'
import { restoreTitle } from './title.ts'

/**
 * Arguments: the terminal's modes, and what to write to the screen.
 * Descriptor 0 is the pipe, descriptor 1 the terminal. The script ignores
 * signals that the terminal sends to its process group.
 */
const script = `
trap '' HUP INT QUIT TERM TTOU
read -r word && exit 0
stty "$1" <&1
printf %s "$2" >&1
`

/**
 * Starts the guard. If this process dies, the terminal on standard input gets
 * back the modes that it has now.
 *
 * @returns a function that stops the guard
 */
export function startTerminalGuard(): () => Promise<void> {
  const modes = isatty(0) ? readModes() : undefined
  // Without `stty` we can neither read nor set the modes.
  if (!modes || modes === unknownModes) return async () => {}
  const screen = `${restoreTitle}${fullReset}`
  const watcher = spawn('/bin/sh', ['-c', script, 'terminal-guard', modes, screen], {
    stdio: ['pipe', 0, 'ignore'],
    // A new session, so a Ctrl-C or a kill of our process group does not
    // reach the guard.
    detached: true,
  })
  const ended = new Promise<void>((resolve) => {
    watcher.once('exit', () => resolve())
    watcher.once('error', () => resolve())
  })
  watcher.stdin?.on('error', () => {})
  watcher.unref()
  return () => {
    // Without this word the shell would assume that we died, and reset the
    // terminal of later programs.
    watcher.stdin?.end('stop\n')
    watcher.ref()
    return ended
  }
}
