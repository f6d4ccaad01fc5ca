/**
 * Keeps what is typed at a terminal, so that behind a walk it can be said how many bytes a key was.
 *
 * @module
 */

import type { Terminal } from '../terminal/terminal.ts'

/** Key presses that are kept. Whoever types more has seen enough of them. */
const most = 1000

/**
 * The same terminal, whose keys are kept as they are read. What comes in a pipe or from a file was not
 * typed: it is left alone, and costs nothing.
 *
 * @param keys - is filled
 */
export function keepKeys(terminal: Terminal, keys: Uint8Array[]): Terminal {
  if (!terminal.inputIsTerminal) return terminal
  return {
    ...terminal,
    openInput() {
      const input = terminal.openInput()
      return {
        ...input,
        read: (take) =>
          input.read((chunk) => {
            if (keys.length < most) keys.push(Uint8Array.from(chunk))
            return take(chunk)
          }),
      }
    },
  }
}
