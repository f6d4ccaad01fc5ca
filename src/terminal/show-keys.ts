/**
 * Shows the bytes of each key press, for chapter 4, until `q`.
 *
 * @module
 */

import { hexText } from '../text/hex.ts'
import { printable } from '../text/printable.ts'
import type { Terminal } from './terminal.ts'

/**
 * Reads keys and writes one line per key, until `q` or the end of the input.
 */
export async function showKeys(terminal: Pick<Terminal, 'openInput' | 'output'>): Promise<void> {
  const input = terminal.openInput()
  await new Promise<void>((resolve) => {
    const ended = input.read((chunk) => {
      // Raw mode covers output too. Without \r each line would start where
      // the last one ended.
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

/** More than an arrow key has, and few enough for a narrow window. */
const bytesInLine = 8

/** The maximum length of a UTF-8 character. */
const bytesInCharacter = 4

/**
 * Returns lines with bytes and their notation:
 * `1b 5b 41                 ^[[A` for the up arrow. Pasted text takes several
 * lines.
 */
export function keyLines(chunk: Uint8Array): string[] {
  return piecesOf(chunk).map((piece) => {
    const characters = Array.from(Buffer.from(piece).toString(), caret)
    return `${hexText(piece).padEnd(3 * bytesInLine)} ${characters.join('')}`
  })
}

/** Splits a chunk into lines without splitting a UTF-8 character. */
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

/** Writes a control character in caret notation: `^C` is Ctrl-C. */
function caret(character: string): string {
  const code = character.charCodeAt(0)
  if (code === 0x7f) return '^?'
  return code < 0x20 ? `^${String.fromCharCode(code + 0x40)}` : printable(character)
}
