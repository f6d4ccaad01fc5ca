/**
 * The modes of a terminal: reading and setting them, and what each flag means.
 *
 * A terminal's driver sits between the keys and the program. In its ordinary ("cooked") mode it
 * collects a line, echoes what is typed, turns Ctrl-C into a signal and `\n` into `\r\n`. In raw
 * mode it does nothing of this: every key arrives at once, as its bytes. Chapter 4 sets it.
 *
 * @module
 */

import { spawnSync } from 'node:child_process'

/** The flags that raw mode changes, by their names in `stty`, and what they mean then. */
export const flagMeanings: readonly (readonly [flag: string, inRawMode: string])[] = [
  ['icanon', 'each key is delivered at once, not with its line'],
  ['echo', 'the terminal in the container echoes, not ours'],
  ['echonl', 'no echo of a line end either'],
  ['isig', 'Ctrl-C, Ctrl-Z, Ctrl-\\ are bytes, not signals'],
  ['iexten', 'Ctrl-V and its like are bytes'],
  ['ixon', 'Ctrl-S and Ctrl-Q are bytes, they stop nothing'],
  ['icrnl', 'Enter is \\r and does not become \\n'],
  ['inlcr', '\\n does not become \\r'],
  ['igncr', '\\r is not dropped'],
  ['istrip', 'the eighth bit stays, so UTF-8 does'],
  ['ignbrk', 'a break on a serial line is not dropped'],
  ['brkint', 'and is no signal'],
  ['parmrk', 'and is not marked'],
  ['parenb', 'no parity bit'],
  ['cs8', 'characters have eight bits'],
  ['opost', 'output is shown as it comes: \\n stays \\n'],
]

/** The modes of a terminal, as read from it. */
export type TerminalModes = {
  /** All of them, in the form in which {@link setModes} takes them. */
  readonly saved: string
  /** Each flag by its name: `icanon`, `echo`, `opost`. */
  readonly flags: Readonly<Record<string, boolean>>
}

/** Runs `stty` on our standard input. Undefined where there is no terminal, or no `stty`. */
function stty(...words: readonly string[]): string | undefined {
  if (process.platform === 'win32') return undefined
  const ran = spawnSync('stty', words, { stdio: ['inherit', 'pipe', 'ignore'], encoding: 'utf8' })
  return ran.status === 0 ? ran.stdout : undefined
}

/** Stands for the modes that no `stty` can read, as on Windows: the ordinary ones. */
export const unknownModes = 'cooked'

/** Reads all modes of the terminal on standard input, in the form in which {@link setModes} takes them. */
export function readModes(): string {
  return stty('-g')?.trim() ?? unknownModes
}

/**
 * Sets modes of the terminal on standard input: what {@link readModes} returned, or words of `stty`.
 * Windows has no `stty`; its console knows one raw mode, and Node sets that.
 */
export function setModes(...words: readonly string[]): void {
  if (words[0] === unknownModes) process.stdin.setRawMode(false)
  else if (stty(...words) === undefined && words.includes('-icanon')) process.stdin.setRawMode(true)
}

/** Reads the modes of the terminal on standard input. Undefined where there is none, or no `stty`. */
export function readTerminalModes(): TerminalModes | undefined {
  const saved = stty('-g')?.trim()
  const all = stty('-a')
  if (!saved || !all) return undefined
  // `stty -a` begins with settings that have values (`intr = ^C;`), and ends with the flags.
  const words = all.replace(/[^;]*;/g, '').split(/\s+/)
  const flags = words
    .filter((word) => /^-?[a-z][a-z0-9]*$/.test(word))
    .map((word) => [word.replace(/^-/, ''), !word.startsWith('-')] as const)
  return { saved, flags: Object.fromEntries(flags) }
}
