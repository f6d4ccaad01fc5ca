/**
 * Splits the bytes of a session in a terminal into text, control characters
 * and escape sequences. A read may end in the middle of any of them.
 *
 * @module
 */

import { type Field, fieldOf } from './rule.ts'
import { cutToken, output, type TokenRule, typed, utf8 } from './terminal-rules.ts'

/** A pattern for the next bytes, and the rule for them. */
type Pattern = readonly [pattern: RegExp, rule: TokenRule]

/** An escape sequence or a character whose rest is missing. */
const incomplete =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it matches escape sequences.
  /\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?|O|[ -/]*)$|(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})$/y

const character = /(?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+/y

/* biome-ignore-start lint/suspicious/noControlCharactersInRegex: these match control characters. */
const written: readonly Pattern[] = [
  [incomplete, cutToken],
  [/[ -~]+/y, output.text],
  [/\r/y, output.return],
  [/\n/y, output.feed],
  [/\x07/y, output.bell],
  [/\x08/y, output.backspace],
  [/\t/y, output.tab],
  [/\x1b\[[0-?]*[ -/]*[@-~]/y, output.control],
  [/\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/y, output.system],
  [/\x1b[ -/]*[0-~]/y, output.escape],
  [/[\0-\x1f\x7f]/y, output.other],
  [character, utf8.characters],
  [/[\x80-\xff]/y, utf8.invalid],
]

const pressed: readonly Pattern[] = [
  [/\x1b$/y, typed.escapeKey],
  [incomplete, cutToken],
  [/[ -~]+/y, typed.text],
  [/\r/y, typed.enter],
  [/\x7f/y, typed.erase],
  [/\x1b\[[0-?]*[ -/]*[@-~]/y, typed.sequence],
  [/\x1bO?[ -~]/y, typed.sequence],
  [/\x1b/y, typed.escapeKey],
  [/[\0-\x1f]/y, typed.control],
  [character, utf8.characters],
  [/[\x80-\xff]/y, utf8.invalid],
]
/* biome-ignore-end lint/suspicious/noControlCharactersInRegex: see above. */

/**
 * Returns a function that splits one direction of a session, read by read.
 *
 * @param direction - `written` by the program, or `pressed` on the keyboard
 */
export function createTerminalSplitter(
  direction: 'written' | 'pressed',
): (bytes: Uint8Array) => Field[] {
  const patterns = direction === 'written' ? written : pressed
  // The beginning of a token, from the reads before.
  let kept: Buffer = Buffer.alloc(0)

  return function split(bytes) {
    const all = Buffer.concat([kept, bytes])
    const before = kept.length
    const text = all.toString('latin1')
    const fields: Field[] = []
    kept = Buffer.alloc(0)
    for (let at = 0; at < all.length; ) {
      const [rule, length] = nextToken(patterns, text, at)
      const whole = all.subarray(at, at + length)
      const own = whole.subarray(Math.max(0, before - at))
      // The bytes of an earlier read had their field there.
      if (own.length > 0) fields.push(fieldOf(rule, own, { whole, isRest: at < before }))
      if (rule === cutToken) kept = whole
      at += length
    }
    return fields
  }
}

function nextToken(patterns: readonly Pattern[], text: string, at: number): [TokenRule, number] {
  for (const [pattern, rule] of patterns) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match) return [rule, match[0].length]
  }
  return [output.other, 1]
}
