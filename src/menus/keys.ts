/**
 * Reads key presses in a menu and in the viewer, by name.
 *
 * @module
 */

import { suspendJob } from '../terminal/suspend-job.ts'

/**
 * The sequences for keys without a character. Terminals differ in which form
 * they send.
 */
const sequences: readonly (readonly [name: string, ...sequences: string[]])[] = [
  ['up', '\x1b[A', '\x1bOA'],
  ['down', '\x1b[B', '\x1bOB'],
  ['right', '\x1b[C', '\x1bOC'],
  ['left', '\x1b[D', '\x1bOD'],
  ['home', '\x1b[H', '\x1bOH', '\x1b[1~'],
  ['end', '\x1b[F', '\x1bOF', '\x1b[4~'],
  ['page up', '\x1b[5~'],
  ['page down', '\x1b[6~'],
  ['back tab', '\x1b[Z'],
  ['tab', '\t'],
  ['enter', '\r', '\n'],
  ['backspace', '\x7f', '\b'],
  ['escape', '\x1b'],
  ['ctrl-c', '\x03'],
  ['ctrl-z', '\x1a'],
]

const names = new Map(sequences.flatMap(([name, ...all]) => all.map((one) => [one, name] as const)))

/**
 * The drawing while keys are watched. Ctrl-Z suspends the job and hands the
 * screen to the shell.
 */
export type DrawnScreen = {
  /** Restores the screen. */
  readonly release: () => void
  /** Redraws. */
  readonly resume: () => void
}

/** How long to wait for the rest of a sequence, in milliseconds. */
const escapeDelay = 50

/**
 * Returns the keys in one chunk of input: names such as `up` and `enter`, and
 * characters. A chunk with different characters is text that was pasted or
 * typed before the menu appeared, so it has no keys: its letters would select
 * choices. The same character several times is a key held down.
 */
export function keysIn(text: string): string[] {
  const keys = allKeysIn(text)
  const characters = keys.filter((key) => /^[^\p{Cc}]$/u.test(key))
  return new Set(characters).size > 1 ? [] : keys
}

/** Returns all keys, for input that is text. */
export function allKeysIn(text: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an arrow key starts with an escape character.
  const parts = text.match(/\x1b\[[0-9;]*[A-Za-z~]|\x1bO[A-Z]|[\s\S]/gu) ?? []
  return parts.map((part) => names.get(part) ?? part)
}

/**
 * Puts the terminal into raw mode and passes on the keys and the text of each
 * chunk.
 *
 * @returns a function that stops this and leaves raw mode
 */
export function watchKeys(
  take: (keys: readonly string[], text: string) => void,
  screen: DrawnScreen,
): () => void {
  const { stdin } = process
  const begin = (): void => {
    stdin.setRawMode(true)
    stdin.resume()
  }
  const end = (): void => {
    stdin.setRawMode(false)
    stdin.pause()
  }
  const takeOrSuspend = (keys: readonly string[], text: string): void => {
    if (!keys.includes('ctrl-z')) {
      take(keys, text)
      return
    }
    screen.release()
    end()
    suspendJob()
    begin()
    screen.resume()
  }
  let waiting: NodeJS.Timeout | undefined
  const onData = (chunk: Buffer): void => {
    const text = `${waiting ? '\x1b' : ''}${chunk}`
    clearTimeout(waiting)
    waiting = undefined
    if (text !== '\x1b') {
      takeOrSuspend(keysIn(text), text)
      return
    }
    // Either the escape key, or the start of an arrow key whose bytes arrive
    // in two chunks.
    waiting = setTimeout(() => {
      waiting = undefined
      takeOrSuspend(['escape'], text)
    }, escapeDelay)
  }
  stdin.on('data', onData)
  begin()
  return () => {
    clearTimeout(waiting)
    stdin.off('data', onData)
    end()
  }
}

/** Whether a key goes back one level: q, Esc or Ctrl-C. */
export function goesBack(key: string): boolean {
  return key === 'q' || key === 'escape' || key === 'ctrl-c'
}
