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
  const stty = (mode: string): void =>
    void spawnSync('stty', [mode], { stdio: [terminal, 'ignore', 'ignore'] })
  stty('sane')
  // It takes a character for a byte, and Backspace would then leave a half of every é. Not every
  // system knows this mode, so it is set by itself.
  if (speaksUtf8(process.env)) stty('iutf8')
  writeSync(terminal, ordinaryScreen)
  writeSync(terminal, 'The terminal is in its ordinary modes, with its cursor and its screen.\n')
  closeSync(terminal)
  return 0
}

/** Whether the characters of this person's language are UTF-8: the first variable that is set says so. */
function speaksUtf8({ LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): boolean {
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '')
}
