/**
 * Follows the terminal line that the cursor is on, as a person sees it. After
 * a Backspace, an arrow or a line from the shell's history, that differs from
 * the keys that were typed.
 *
 * @module
 */

import { StringDecoder } from 'node:string_decoder'

/** Follows the output of a terminal. */
export type ScreenLine = {
  /** Takes output, and calls `onLine` with each complete line. */
  readonly write: (bytes: Uint8Array, onLine?: (line: string) => void) => void
  /** The line so far. */
  readonly text: () => string
  /** Whether the alternate screen is on. Lines on it are not followed. */
  readonly isAlternate: () => boolean
}

/**
 * A CSI sequence, an OSC sequence, any other escape sequence, or one
 * character.
 */
const token =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences start with one.
  /\x1b\[([0-?]*)[ -/]*([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]|[\s\S]/gu

/** Starts with an empty line on the main screen. */
export function followLine(): ScreenLine {
  const decoder = new StringDecoder('utf8')
  let characters: string[] = []
  let cursor = 0
  let isAlternate = false
  /** The start of an incomplete escape sequence. */
  let unfinished = ''

  const applyControl = (parameters: string, letter: string): void => {
    const count = Number.parseInt(parameters, 10) || 1
    if (/^\?(47|1047|1049)$/.test(parameters)) isAlternate = letter === 'h'
    else if (isAlternate || /^[<-?]/.test(parameters)) return
    else if (letter === 'C') cursor += count
    else if (letter === 'D') cursor = Math.max(0, cursor - count)
    else if (letter === 'G') cursor = count - 1
    else if (letter === 'P') characters.splice(cursor, count)
    else if (letter === '@') characters.splice(cursor, 0, ...' '.repeat(count))
    else if (letter === 'K' || letter === 'J')
      characters.length = Math.min(cursor, characters.length)
    // The cursor moves elsewhere. A program wrote the text there, so it isn't
    // a prompt.
    else if ('HABdf'.includes(letter)) [characters, cursor] = [[], 0]
  }

  const put = (character: string, onLine: (line: string) => void): void => {
    if (character === '\n') {
      const line = characters.join('').trimEnd()
      ;[characters, cursor] = [[], 0]
      onLine(line)
    } else if (character === '\r') cursor = 0
    else if (character === '\b') cursor = Math.max(0, cursor - 1)
    else if (character >= ' ') {
      while (characters.length < cursor) characters.push(' ')
      characters[cursor] = character
      cursor += 1
    }
  }

  return {
    write(bytes, onLine = () => {}) {
      const text = unfinished + decoder.write(Buffer.from(bytes))
      // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences start with one.
      unfinished = /\x1b(\[[0-?]*[ -/]*|[ -/]*|\][^\x07\x1b]*)$/.exec(text)?.[0] ?? ''
      const whole = text.slice(0, text.length - unfinished.length)
      for (const [found, parameters = '', letter] of whole.matchAll(token)) {
        if (letter !== undefined) applyControl(parameters, letter)
        else if (!isAlternate && found.length <= 2 && !found.startsWith('\x1b')) put(found, onLine)
      }
    },
    text: () => characters.join(''),
    isAlternate: () => isAlternate,
  }
}
