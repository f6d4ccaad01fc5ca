/**
 * The keys of a watch: single keys on a drawn screen, a letter and Enter where text is only appended.
 * In a pipe there are no keys.
 *
 * @module
 */

import { createInterface, type Interface } from 'node:readline'
import { cancelled } from '../menus/ask.ts'
import type { Form } from '../menus/form.ts'
import { suspendJob } from '../terminal/suspend-job.ts'

/** Keys that are read until they are closed. */
export type WatchKeys = {
  /** Stops reading and restores the terminal's modes, for a program that needs the terminal. */
  readonly close: () => void
  /** Reads on. */
  readonly open: () => void
}

/** Who wants the keys. */
export type KeyHandler = {
  /** A key: a letter, `up` or `down`. */
  readonly key: (key: string) => void
  /** Ctrl-C, or the end of the input. */
  readonly cancel: (why: Error) => void
  /** The job was stopped with Ctrl-Z and goes on: the screen has to be drawn again. */
  readonly redraw: () => void
}

/** Begins to read. */
export function readKeys(form: Form, taker: KeyHandler): WatchKeys {
  if (form === 'plain') return { open() {}, close() {} }
  const keys = form === 'menus' ? singleKeys(taker) : lineKeys(taker)
  keys.open()
  return keys
}

/** What Esc, Ctrl-D and the arrows send, in either mode of the arrows. */
const namedKeys: Readonly<Record<string, string>> = {
  ...{ '\x1b': 'q', '\x04': 'q' },
  ...{ '\x1b[A': 'up', '\x1bOA': 'up', '\x1b[B': 'down', '\x1bOB': 'down' },
}

function singleKeys({ key, cancel: leave, redraw: goesOn }: KeyHandler): WatchKeys {
  const { stdin } = process
  const onData = (bytes: Buffer): void => {
    const text = bytes.toString()
    const named = namedKeys[text]
    if (text === '\x03') leave(cancelled())
    else if (named !== undefined) key(named)
    else if (text === '\x1a') {
      close()
      suspendJob()
      open()
      goesOn()
    } else for (const letter of text) key(letter)
  }
  const close = (): void => {
    stdin.off('data', onData)
    stdin.setRawMode(false)
    stdin.pause()
  }
  const open = (): void => {
    stdin.setRawMode(true)
    stdin.on('data', onData)
    stdin.resume()
  }
  return { open, close }
}

function lineKeys({ key, cancel: leave }: KeyHandler): WatchKeys {
  let lines: Interface | undefined
  return {
    open() {
      lines = createInterface({ input: process.stdin, terminal: false })
      lines.on('line', (line) => key(line.trim()))
      lines.on('close', () => {
        if (lines) leave(cancelled())
      })
    },
    close() {
      const reading = lines
      lines = undefined
      reading?.close()
    },
  }
}
