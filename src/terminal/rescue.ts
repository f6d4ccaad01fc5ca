/**
 * Brings any terminal back to ordinary modes and an ordinary screen, without knowing what they were.
 *
 * @module
 */

import { spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync, writeSync } from 'node:fs'
import { ancestors } from '../process/ending.ts'
import { ordinaryScreen } from './screen.ts'

/**
 * `sane` sets every special key and nearly every mode to what a terminal has when it is opened. Some
 * systems leave out the one that lets Ctrl-S hold the output and Ctrl-Q let it go.
 */
const ordinaryModes = ['sane', 'ixon']

/**
 * Repairs the terminal that this process was started from, wherever its streams go. It is the last
 * thing that the process does: its streams are closed.
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
  const stty = (...modes: readonly string[]): void =>
    void spawnSync('stty', modes, { stdio: [terminal, 'ignore', 'ignore'] })
  stty(...ordinaryModes)
  // It takes a character for a byte, and Backspace would then leave a half of every é. Not every
  // system knows this mode, so it is set by itself.
  if (speaksUtf8(process.env)) stty('iutf8')
  keepOrdinary(terminal)
  writeSync(terminal, ordinaryScreen)
  writeSync(terminal, 'The terminal is in its ordinary modes, with its cursor and its screen.\n')
  closeSync(terminal)
  return 0
}

/**
 * Sets the modes once more, and again, until these processes are over. A zombie is over: its parent
 * has only not noticed yet. Each round takes a millisecond or two.
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
 * Keeps the modes while we end. Node, as it exits, gives each terminal among its streams the modes
 * that it found, and those are the broken ones. So we close our streams. npm is a program of Node's
 * too: a small shell beside us sets the modes anew until both are gone, and once more then.
 */
function keepOrdinary(terminal: number): void {
  const modes = [...ordinaryModes, ...(speaksUtf8(process.env) ? ['iutf8'] : [])].join(' ')
  const npm = process.env.npm_lifecycle_event === 'rescue' ? ancestors().split(' ') : []
  spawn('/bin/sh', ['-c', keeper, 'keeper', modes, String(process.pid), ...npm], {
    stdio: [terminal, 'ignore', 'ignore'],
    detached: true,
  }).unref()
  for (const stream of [0, 1, 2]) closeSync(stream)
}

/** Whether the characters of this person's language are UTF-8: the first variable that is set says so. */
function speaksUtf8({ LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): boolean {
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '')
}
