/**
 * A seat belt for the terminal: whatever kills this program, the terminal is usable after.
 *
 * A program that ends by itself, or by a signal that it can catch, gives the terminal back. SIGKILL
 * it cannot catch, and a defect may end it anywhere. So a small shell waits beside it on a pipe. The
 * system closes the pipe when the program dies, of whatever; the shell wakes up and puts the modes
 * and the screen back.
 *
 * @module
 */

import { spawn } from 'node:child_process'
import { isatty } from 'node:tty'
import { readModes, unknownModes } from './modes.ts'
import { ordinaryScreen } from './screen.ts'
import { restoreTitle } from './title.ts'

/**
 * Its first argument is the terminal's modes, its second what to write to the screen. It reads the
 * pipe on descriptor 0; descriptor 1 is the terminal. Signals that the terminal sends to everybody
 * must not end it before its work is done.
 */
const script = `
trap '' HUP INT QUIT TERM TTOU
read -r word && exit 0
stty "$1" <&1
printf %s "$2" >&1
`

/**
 * Fastens it: from now on a death of this process gives the terminal on standard input the modes
 * back that it has at this moment.
 *
 * @returns what unfastens it
 */
export function startTerminalGuard(): () => Promise<void> {
  const modes = isatty(0) ? readModes() : undefined
  // Where there is no `stty` to read the modes there is none to set them.
  if (!modes || modes === unknownModes) return async () => {}
  const screen = `${restoreTitle}${ordinaryScreen}`
  const watcher = spawn('/bin/sh', ['-c', script, 'terminal-guard', modes, screen], {
    stdio: ['pipe', 0, 'ignore'],
    // In a session of its own: a Ctrl-C and a kill of our process group do not reach it.
    detached: true,
  })
  const ended = new Promise<void>((resolve) => {
    watcher.once('exit', () => resolve())
    watcher.once('error', () => resolve())
  })
  watcher.stdin?.on('error', () => {})
  watcher.unref()
  return () => {
    // Without this word the shell believes that we died, and works against whoever comes next.
    watcher.stdin?.end('unfastened\n')
    watcher.ref()
    return ended
  }
}
