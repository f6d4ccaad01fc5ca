/**
 * Reads and sets the modes of a terminal, and explains each flag.
 *
 * The line discipline of a terminal sits between the keyboard and the
 * program. In its ordinary ("cooked") mode it collects a line, echoes what is
 * typed, turns Ctrl-C into a signal and `\n` into `\r\n`. In raw mode it does
 * none of this: every key arrives immediately, as bytes. Chapter 4 sets raw
 * mode.
 *
 * @module
 */

import { spawnSync } from 'node:child_process'

/**
 * The flags that raw mode changes, by their `stty` names, with their effect
 * in raw mode.
 */
export const flagMeanings: readonly (readonly [flag: string, inRawMode: string])[] = [
  ['icanon', 'each key arrives at once, not with its line'],
  ['echo', 'the container’s terminal echoes, not ours'],
  ['echonl', 'newlines are not echoed either'],
  ['isig', 'Ctrl-C, Ctrl-Z, Ctrl-\\ are bytes, not signals'],
  ['iexten', 'Ctrl-V and the like are bytes'],
  ['ixon', 'Ctrl-S and Ctrl-Q are bytes'],
  ['icrnl', 'Enter stays \\r and does not become \\n'],
  ['inlcr', '\\n does not become \\r'],
  ['igncr', '\\r is not dropped'],
  ['istrip', 'the eighth bit is kept, so UTF-8 works'],
  ['ignbrk', 'a break on a serial line is not ignored'],
  ['brkint', 'a break does not send a signal'],
  ['parmrk', 'breaks and parity errors are not marked'],
  ['parenb', 'no parity bit'],
  ['cs8', 'characters have eight bits'],
  ['opost', 'output is not processed: \\n stays \\n'],
]

/** The modes of a terminal. */
export type TerminalModes = {
  /** All modes in the format of `stty -g`, which {@link setModes} accepts. */
  readonly saved: string
  /** Each flag by its name: `icanon`, `echo`, `opost`. */
  readonly flags: Readonly<Record<string, boolean>>
}

/**
 * Runs `stty` on standard input. Undefined without a terminal or without
 * `stty`.
 */
function stty(...words: readonly string[]): string | undefined {
  if (process.platform === 'win32') return undefined
  const ran = spawnSync('stty', words, { stdio: ['inherit', 'pipe', 'ignore'], encoding: 'utf8' })
  return ran.status === 0 ? ran.stdout : undefined
}

/**
 * The value for modes that cannot be read because there is no `stty`, as on
 * Windows.
 */
export const unknownModes = 'cooked'

/**
 * Reads all modes of the terminal on standard input, in the format of
 * `stty -g`.
 */
export function readModes(): string {
  return stty('-g')?.trim() ?? unknownModes
}

/**
 * Sets modes of the terminal on standard input: a value of {@link readModes},
 * or arguments of `stty`. Windows has no `stty`. Its console has one raw
 * mode, which Node sets.
 */
export function setModes(...words: readonly string[]): void {
  if (words[0] === unknownModes) process.stdin.setRawMode(false)
  else if (stty(...words) === undefined && words.includes('-icanon')) process.stdin.setRawMode(true)
}

/**
 * Reads the modes of the terminal on standard input. Undefined without one or
 * without `stty`.
 */
export function readTerminalModes(): TerminalModes | undefined {
  const saved = stty('-g')?.trim()
  const all = stty('-a')
  if (!saved || !all) return undefined
  // `stty -a` lists settings with values (`intr = ^C;`), then the flags.
  const words = all.replace(/[^;]*;/g, '').split(/\s+/)
  const flags = words
    .filter((word) => /^-?[a-z][a-z0-9]*$/.test(word))
    .map((word) => [word.replace(/^-/, ''), !word.startsWith('-')] as const)
  return { saved, flags: Object.fromEntries(flags) }
}
