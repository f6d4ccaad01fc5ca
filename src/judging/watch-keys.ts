/**
 * Reads the keys of the watch screen: single keys if the screen is drawn, a
 * letter and Enter if lines are only appended, and none in a pipe.
 *
 * @module
 */

import { createInterface, type Interface } from 'node:readline'
import { cancelled } from '../menus/ask.ts'
import type { Form } from '../menus/form.ts'
import { suspendJob } from '../terminal/suspend-job.ts'

/** A reader of keys. */
export type WatchKeys = {
  /**
   * Stops reading and restores the terminal's modes, so another program can
   * use it.
   */
  readonly close: () => void
  /** Starts reading, or resumes after `close`. */
  readonly open: () => void
}

/** Callbacks for the keys. */
export type KeyHandler = {
  /** Called for a key: a letter, `up` or `down`. */
  readonly key: (key: string) => void
  /** Called on Ctrl-C or EOF. */
  readonly cancel: (why: Error) => void
  /** Called when the job resumes after Ctrl-Z, to redraw the screen. */
  readonly redraw: () => void
}

/** Starts to read keys. */
export function readKeys(form: Form, handler: KeyHandler): WatchKeys {
  if (form === 'plain') return { open() {}, close() {} }
  const keys = form === 'menus' ? singleKeys(handler) : lineKeys(handler)
  keys.open()
  return keys
}

/** The bytes of Esc, Ctrl-D and the arrow keys, which have two modes. */
const namedKeys: Readonly<Record<string, string>> = {
  ...{ '\x1b': 'q', '\x04': 'q' },
  ...{ '\x1b[A': 'up', '\x1bOA': 'up', '\x1b[B': 'down', '\x1bOB': 'down' },
}

function singleKeys({ key, cancel: leave, redraw }: KeyHandler): WatchKeys {
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
      redraw()
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
