/**
 * The line of a terminal in which its cursor is, as a person sees it: after a Backspace, an arrow
 * and a word from the shell's history it is not what was typed, key by key.
 *
 * @module
 */

import { StringDecoder } from 'node:string_decoder'

/** Follows what is written to a terminal. */
export type ScreenLine = {
  /** Takes output. Calls back with each line that is complete, right behind its line end. */
  readonly write: (bytes: Uint8Array, onLine?: (line: string) => void) => void
  /** The line so far. */
  readonly text: () => string
  /** Whether a full-screen program has the alternate screen. Lines are not followed there. */
  readonly isAlternate: () => boolean
}

/** `ESC [`, parameters, a letter; a title and the like; any other escape; or one character. */
const piece =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal is controlled by them.
  /\x1b\[([0-?]*)[ -/]*([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]|[\s\S]/gu

/** Begins with an empty line on the ordinary screen. */
export function followLine(): ScreenLine {
  const decoder = new StringDecoder('utf8')
  let characters: string[] = []
  let cursor = 0
  let alternate = false
  /** The beginning of a sequence whose end has not come yet. */
  let unfinished = ''

  const control = (parameters: string, letter: string): void => {
    const count = Number.parseInt(parameters, 10) || 1
    if (/^\?(47|1047|1049)$/.test(parameters)) alternate = letter === 'h'
    else if (alternate || /^[<-?]/.test(parameters)) return
    else if (letter === 'C') cursor += count
    else if (letter === 'D') cursor = Math.max(0, cursor - count)
    else if (letter === 'G') cursor = count - 1
    else if (letter === 'P') characters.splice(cursor, count)
    else if (letter === '@') characters.splice(cursor, 0, ...' '.repeat(count))
    else if (letter === 'K' || letter === 'J')
      characters.length = Math.min(cursor, characters.length)
    // Somewhere else on the screen. What stands there was written by a program, and is no prompt.
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
      // biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
      unfinished = /\x1b(\[[0-?]*[ -/]*|[ -/]*|\][^\x07\x1b]*)$/.exec(text)?.[0] ?? ''
      const whole = text.slice(0, text.length - unfinished.length)
      for (const [found, parameters = '', letter] of whole.matchAll(piece)) {
        if (letter !== undefined) control(parameters, letter)
        else if (!alternate && found.length <= 2 && !found.startsWith('\x1b')) put(found, onLine)
      }
    },
    text: () => characters.join(''),
    isAlternate: () => alternate,
  }
}
