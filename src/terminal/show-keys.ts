/**
 * Shows what the keys send, for chapter 4: the bytes of each key press, until `q`.
 *
 * @module
 */

import { hexText } from '../hex.ts'
import type { Terminal } from './terminal.ts'

/** Reads keys and writes one line for each, until `q` or the end of the input. */
export async function showKeys(terminal: Pick<Terminal, 'openInput' | 'output'>): Promise<void> {
  const input = terminal.openInput()
  await new Promise<void>((resolve) => {
    const ended = input.read((chunk) => {
      // The terminal is raw, output too: without the \r each line would begin below the end of
      // the one before it.
      terminal.output.write(`  ${describeKey(chunk)}\r\n`)
      if (chunk.includes(0x71)) resolve()
      return true
    })
    void ended.then(() => resolve())
  })
  input.close()
}

/** `1b 5b 41      ^[[A` for the arrow that points up. */
export function describeKey(chunk: Uint8Array): string {
  return `${hexText(chunk).padEnd(24)} ${Array.from(Buffer.from(chunk).toString(), caret).join('')}`
}

/** A control key is written as a caret and the letter that it goes with: `^C` is Ctrl-C. */
function caret(character: string): string {
  const code = character.charCodeAt(0)
  if (code === 0x7f) return '^?'
  return code < 0x20 ? `^${String.fromCharCode(code + 0x40)}` : character
}
