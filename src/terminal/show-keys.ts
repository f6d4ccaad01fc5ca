/**
 * Shows what the keys send, for chapter 4: the bytes of each key press, until `q`.
 *
 * @module
 */

import { hexText } from '../text/hex.ts'
import { printable } from '../text/printable.ts'
import type { Terminal } from './terminal.ts'

/** Reads keys and writes one line for each, until `q` or the end of the input. */
export async function showKeys(terminal: Pick<Terminal, 'openInput' | 'output'>): Promise<void> {
  const input = terminal.openInput()
  await new Promise<void>((resolve) => {
    const ended = input.read((chunk) => {
      // The terminal is raw, output too: without the \r each line would begin below the end of
      // the one before it.
      terminal.output.write(
        keyLines(chunk)
          .map((line) => `  ${line}\r\n`)
          .join(''),
      )
      if (chunk.includes(0x71)) resolve()
      return true
    })
    void ended.then(() => resolve())
  })
  input.close()
}

/** More bytes than an arrow has, and few enough for a narrow window. */
const bytesInLine = 8

/** A character of several bytes has no more than these. */
const bytesInCharacter = 4

/** `1b 5b 41                 ^[[A` for the arrow that points up. What was pasted has several lines. */
export function keyLines(chunk: Uint8Array): string[] {
  return piecesOf(chunk).map((piece) => {
    const characters = Array.from(Buffer.from(piece).toString(), caret)
    return `${hexText(piece).padEnd(3 * bytesInLine)} ${characters.join('')}`
  })
}

/** What goes on one line each. A character stays whole: its later bytes all begin with the bits 10. */
function piecesOf(chunk: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let from = 0; from < chunk.length; ) {
    let to = from + bytesInLine
    const least = to - bytesInCharacter
    while (to > least && ((chunk[to] ?? 0) & 0xc0) === 0x80) to -= 1
    pieces.push(chunk.subarray(from, to))
    from = to
  }
  return pieces
}

/** A control key is written as a caret and the letter that it goes with: `^C` is Ctrl-C. */
function caret(character: string): string {
  const code = character.charCodeAt(0)
  if (code === 0x7f) return '^?'
  return code < 0x20 ? `^${String.fromCharCode(code + 0x40)}` : printable(character)
}
