/**
 * Keys as they are pressed at a menu and in the viewer, by their names.
 *
 * @module
 */

import { suspendJob } from '../terminal/suspend-job.ts'

/** What a terminal sends for the keys that have no character. Some send one form, some another. */
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

/** What is drawn while keys are watched: Ctrl-Z stops the job, and a shell has the screen meanwhile. */
export type DrawnScreen = {
  /** Makes the screen as it was. */
  readonly release: () => void
  /** Draws again. */
  readonly resume: () => void
}

/** How long the rest of a sequence may take to arrive, in milliseconds. */
const escapeDelay = 50

/**
 * The keys in what one read has brought: names such as `up` and `enter`, and the characters themselves.
 * There are none in a line of text that was typed before the menu stood there, or pasted: its letters
 * would choose. The same key several times is a key that is held down.
 */
export function keysIn(text: string): string[] {
  const keys = allKeysIn(text)
  const characters = keys.filter((key) => /^[^\p{Cc}]$/u.test(key))
  return new Set(characters).size > 1 ? [] : keys
}

/** The same where text is what is asked for. */
export function allKeysIn(text: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape character is what an arrow begins with.
  const parts = text.match(/\x1b\[[0-9;]*[A-Za-z~]|\x1bO[A-Z]|[\s\S]/gu) ?? []
  return parts.map((part) => names.get(part) ?? part)
}

/**
 * Puts the terminal into raw mode and hands over the keys of each read, and its text.
 *
 * @returns what ends it and leaves raw mode
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
  const takeOrStop = (keys: readonly string[], text: string): void => {
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
      takeOrStop(keysIn(text), text)
      return
    }
    // The escape key, or the beginning of an arrow that a slow line has cut in two.
    waiting = setTimeout(() => {
      waiting = undefined
      takeOrStop(['escape'], text)
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

/** Whether a key goes back one level: q, Esc, and Ctrl-C. */
export function goesBack(key: string): boolean {
  return key === 'q' || key === 'escape' || key === 'ctrl-c'
}
