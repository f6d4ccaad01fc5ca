/**
 * The learner's side of a session: three standard streams, and the terminal behind them if there
 * is one.
 *
 * @module
 */

import type { Writable } from 'node:stream'
import { isatty } from 'node:tty'
import { type Input, openInput } from './input.ts'
import { readModes, setModes } from './modes.ts'

/** The size of a window, in characters. */
export type WindowSize = { readonly rows: number; readonly columns: number }

/** What the stages know of the terminal. */
export type Terminal = {
  /** Whether standard input is a terminal: it decides about raw mode and resize. */
  readonly inputIsTerminal: boolean
  /** Where the command's standard output goes. */
  readonly output: Writable & { readonly isTTY?: boolean }
  /** Where its standard error goes, unless a tty has joined the two. */
  readonly errors: Writable
  /** Begins to read standard input. */
  readonly openInput: () => Input
  /** Reads all modes of the terminal on standard input, in the form in which `stty` takes them. */
  readonly readModes: () => string
  /** Sets modes: what `readModes` returned, or words of `stty` such as `-echo`. */
  readonly setModes: (...words: readonly string[]) => void
  /** The window's size, or undefined where standard output is no terminal. */
  readonly size: () => WindowSize | undefined
  /** Calls back whenever the window may have changed its size. Returns what stops that. */
  readonly onResize: (listener: () => void) => () => void
}

/** The terminal of this process. */
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
