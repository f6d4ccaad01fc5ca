/**
 * Resets any terminal to ordinary modes and an ordinary screen, without
 * knowing its previous state.
 *
 * @module
 */

import { spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync, writeSync } from 'node:fs'
import { ancestors } from '../process/ending.ts'
import { fullReset } from './screen.ts'

/**
 * `sane` resets the special keys and nearly every mode to the defaults of a
 * new terminal. Some systems leave out `ixon`, which lets Ctrl-S pause the
 * output and Ctrl-Q resume it.
 */
const ordinaryModes = ['sane', 'ixon']

/**
 * Resets the controlling terminal of this process, even if its streams are
 * redirected. Call it last: it closes the standard streams.
 *
 * @returns the exit code: 0, or 1 without a terminal
 */
export function rescueTerminal(): number {
  let terminal: number
  try {
    terminal = openSync('/dev/tty', 'r+')
  } catch {
    process.stderr.write(
      'cannot repair the terminal: this process has none\nRun this command in the terminal that you want to repair.\n',
    )
    return 1
  }
  const stty = (...modes: readonly string[]): void =>
    void spawnSync('stty', modes, { stdio: [terminal, 'ignore', 'ignore'] })
  stty(...ordinaryModes)
  // Without iutf8, Backspace would remove only one byte of an é. Not every
  // system has this mode, so it is set separately.
  if (usesUtf8(process.env)) stty('iutf8')
  keepOrdinary(terminal)
  writeSync(terminal, fullReset)
  writeSync(terminal, 'Reset the terminal: its modes, its cursor and its screen.\n')
  closeSync(terminal)
  return 0
}

/**
 * Sets the modes repeatedly until the given processes have ended. A zombie
 * counts as ended: its parent just has not noticed yet.
 */
const keeper = `
trap '' HUP INT QUIT TERM TTOU
runs() {
  kill -0 "$1" 2>/dev/null || return 1
  read -r line 2>/dev/null <"/proc/$1/stat" || return 0
  case $line in *') Z '*) return 1 ;; esac
}
modes=$1
shift
rounds=0
for process; do
  while runs "$process" && [ "$rounds" -lt 5000 ]; do
    stty $modes || stty sane
    rounds=$((rounds + 1))
  done
done
stty $modes || stty sane
`

/**
 * Keeps the modes while we exit. On exit, Node restores the modes that it
 * found at the start, which are the broken ones, so we close our streams. npm
 * is also a Node program: a small shell sets the modes until both have
 * exited, and one last time after that.
 */
function keepOrdinary(terminal: number): void {
  const modes = [...ordinaryModes, ...(usesUtf8(process.env) ? ['iutf8'] : [])].join(' ')
  const npm = process.env.npm_lifecycle_event === 'rescue' ? ancestors().split(' ') : []
  spawn('/bin/sh', ['-c', keeper, 'keeper', modes, String(process.pid), ...npm], {
    stdio: [terminal, 'ignore', 'ignore'],
    detached: true,
  }).unref()
  for (const stream of [0, 1, 2]) closeSync(stream)
}

/**
 * Whether the locale uses UTF-8. The first of these variables that is set
 * decides.
 */
function usesUtf8({ LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): boolean {
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '')
}
