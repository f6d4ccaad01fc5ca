/**
 * The learner's side of a session: the three standard streams and their
 * terminal, if any.
 *
 * @module
 */

import type { Writable } from 'node:stream'
import { isatty } from 'node:tty'
import { type Input, openInput } from './input.ts'
import { readModes, setModes } from './modes.ts'

/** The size of a window, in characters. */
export type WindowSize = { readonly rows: number; readonly columns: number }

/** The terminal as the stages see it. */
export type Terminal = {
  /**
   * Whether standard input is a terminal. This decides about raw mode and
   * resizing.
   */
  readonly inputIsTerminal: boolean
  /** Receives the command's standard output. */
  readonly output: Writable & { readonly isTTY?: boolean }
  /** Receives the command's standard error, unless a tty merges the two. */
  readonly errors: Writable
  /** Opens standard input for reading. */
  readonly openInput: () => Input
  /**
   * Reads all modes of the terminal on standard input, in the format of
   * `stty -g`.
   */
  readonly readModes: () => string
  /**
   * Sets modes: a value of `readModes`, or arguments of `stty` such as
   * `-echo`.
   */
  readonly setModes: (...words: readonly string[]) => void
  /**
   * Returns the window size. Undefined if standard output is not a terminal.
   */
  readonly size: () => WindowSize | undefined
  /**
   * Calls the listener when the window size may have changed. Returns a
   * function that stops it.
   */
  readonly onResize: (listener: () => void) => () => void
}

/** Returns the terminal of this process. */
export function ownTerminal(): Terminal {
  return {
    inputIsTerminal: isatty(0),
    output: process.stdout,
    errors: process.stderr,
    openInput,
    readModes,
    setModes,
    size() {
      if (!process.stdout.isTTY) return undefined
      const [columns, rows] = process.stdout.getWindowSize()
      return { rows, columns }
    },
    onResize(listener) {
      process.on('SIGWINCH', listener)
      return () => {
        process.off('SIGWINCH', listener)
      }
    },
  }
}
