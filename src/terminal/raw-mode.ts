/**
 * The modes of a terminal: reading them, switching to raw, and giving them back.
 *
 * A terminal's driver sits between the keys and the program. In its ordinary ("cooked") mode it
 * collects a line, echoes what is typed, turns Ctrl-C into a signal and `\n` into `\r\n`. In raw
 * mode it does nothing of this: every key arrives at once, as its bytes.
 *
 * @module
 */

import { spawnSync } from 'node:child_process'

/**
 * What raw mode switches off and on, in the words of `stty`: the flags that docker's client
 * changes, no more and no less. Node's own `setRawMode(true)` leaves output processing on, so
 * that each line end from the container's terminal would be translated a second time here.
 */
export const rawFlags: readonly (readonly [flag: string, meaning: string])[] = [
  ['-icanon', 'each key is delivered at once, not with its line'],
  ['-echo', 'the terminal in the container echoes, not ours'],
  ['-echonl', 'no echo of a line end either'],
  ['-isig', 'Ctrl-C, Ctrl-Z, Ctrl-\\ are bytes, not signals'],
  ['-iexten', 'Ctrl-V and its like are bytes'],
  ['-ixon', 'Ctrl-S and Ctrl-Q are bytes, they stop nothing'],
  ['-icrnl', 'Enter is \\r and does not become \\n'],
  ['-inlcr', '\\n does not become \\r'],
  ['-igncr', '\\r is not dropped'],
  ['-istrip', 'the eighth bit stays, so UTF-8 does'],
  ['-ignbrk', 'a break on a serial line is not dropped'],
  ['-brkint', 'and is no signal'],
  ['-parmrk', 'and is not marked'],
  ['-parenb', 'no parity bit'],
  ['cs8', 'characters have eight bits'],
  ['-opost', 'output is shown as it comes: \\n stays \\n'],
  ['min', 'a read returns as soon as there is one byte'],
  ['1', ''],
  ['time', 'and waits for it without a limit'],
  ['0', ''],
]

/** The modes of a terminal, as read from it. */
export type TerminalModes = {
  /** All of them, in the form in which `stty` takes them back. */
  readonly saved: string
  /** Each flag by its name: `icanon`, `echo`, `opost`. */
  readonly flags: Readonly<Record<string, boolean>>
}

/** Runs `stty` on our standard input. Undefined where there is no terminal, or no `stty`. */
function stty(...words: string[]): string | undefined {
  if (process.platform === 'win32') return undefined
  const ran = spawnSync('stty', words, { stdio: ['inherit', 'pipe', 'ignore'], encoding: 'utf8' })
  return ran.status === 0 ? ran.stdout : undefined
}

/** All modes of the terminal on standard input, in the form in which `stty` takes them back. */
export function saveTerminalModes(): string | undefined {
  return stty('-g')?.trim()
}

/** Reads the modes of the terminal on standard input. */
export function readTerminalModes(): TerminalModes | undefined {
  const saved = saveTerminalModes()
  const all = stty('-a')
  if (!saved || !all) return undefined
  // `stty -a` begins with settings that have values (`intr = ^C;`), and ends with the flags.
  const words = all.replace(/[^;]*;/g, '').split(/\s+/)
  const flags = words
    .filter((word) => /^-?[a-z][a-z0-9]*$/.test(word))
    .map((word) => [word.replace(/^-/, ''), !word.startsWith('-')] as const)
  return { saved, flags: Object.fromEntries(flags) }
}

/**
 * Switches the terminal on standard input to raw mode.
 *
 * @returns what gives it back as it was
 */
export function setRawMode(): () => void {
  const saved = saveTerminalModes()
  if (saved && stty(...rawFlags.map(([flag]) => flag)) !== undefined) {
    return () => {
      stty(saved)
    }
  }
  // Windows has no stty. Its console knows one raw mode, and Node sets it.
  process.stdin.setRawMode(true)
  return () => {
    process.stdin.setRawMode(false)
  }
}
