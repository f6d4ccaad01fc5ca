/**
 * Brings any terminal back to ordinary modes and an ordinary screen, without knowing what they were.
 *
 * @module
 */

import { spawnSync } from 'node:child_process'
import { closeSync, openSync, writeSync } from 'node:fs'
import { ordinaryScreen } from './screen.ts'

/**
 * Repairs the terminal that this process was started from, wherever its streams go.
 *
 * @returns the exit code: 0, or 1 where there is no terminal
 */
export function rescueTerminal(): number {
  let terminal: number
  try {
    terminal = openSync('/dev/tty', 'r+')
  } catch {
    process.stderr.write(
      'There is no terminal to repair: run this in the terminal itself, not in a pipe or a job.\n',
    )
    return 1
  }
  // `sane` sets every mode and every special key to what a terminal has when it is opened.
  spawnSync('stty', ['sane'], { stdio: [terminal, 'ignore', 'ignore'] })
  writeSync(terminal, ordinaryScreen)
  writeSync(terminal, 'The terminal is in its ordinary modes, with its cursor and its screen.\n')
  closeSync(terminal)
  return 0
}
