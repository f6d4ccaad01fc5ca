/**
 * Reads JSON as Go's decoder does, and complains in its words: a daemon's sentence about a body
 * that makes no sense is that of its library, and a client shows it to its user.
 *
 * @module
 */

import { quoteRune } from '../engine/go-json.ts'

/** Text that is no JSON, with the decoder's sentence. */
export class NotJson extends Error {}

/** A value, with what a check of its type needs to know: a number is kept as it was written. */
export type JsonValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'array'; readonly items: readonly JsonValue[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [string, JsonValue])[] }

/** So many lists in lists, and no more: Go has room for five times as many. */
const deepest = 2000

const space = new Set([' ', '\t', '\r', '\n'])

/**
 * Reads the first value of a text.
 *
 * @returns the value, and the text behind it
 * @throws a {@link NotJson}
 */
export function readJson(text: string): { readonly value: JsonValue; readonly rest: string } {
  let at = 0

  function skipSpace(): void {
    while (space.has(text[at] ?? '')) at += 1
  }

  /** What is wrong with the character that we are at, or that there is none. */
  function wrong(where: string): NotJson {
    const point = text.codePointAt(at)
    if (point === undefined) return new NotJson('unexpected EOF')
    return new NotJson(`invalid character ${quoteRune(point)} ${where}`)
  }

  function readValue(depth: number): JsonValue {
    if (depth > deepest) throw new NotJson('exceeded max depth')
    skipSpace()
    const first = text[at] ?? ''
    if (first === '{') return { kind: 'object', entries: readEntries(depth) }
    if (first === '[') return { kind: 'array', items: readItems(depth) }
    if (first === '"') return { kind: 'string', value: readString() }
    if (first === '-' || isDigit(first)) return { kind: 'number', text: readNumber() }
    for (const word of ['true', 'false', 'null'] as const) {
      if (first !== word[0]) continue
      for (const letter of word) {
        if (text[at] !== letter) throw wrong(`in literal ${word} (expecting '${letter}')`)
        at += 1
      }
      return word === 'null' ? { kind: 'null' } : { kind: 'bool', value: word === 'true' }
    }
    throw wrong('looking for beginning of value')
  }

  function readEntries(depth: number): [string, JsonValue][] {
    const entries: [string, JsonValue][] = []
    at += 1
    skipSpace()
    while (text[at] !== '}' || entries.length > 0) {
      skipSpace()
      if (text[at] !== '"') throw wrong('looking for beginning of object key string')
      const name = readString()
      skipSpace()
      if (text[at] !== ':') throw wrong('after object key')
      at += 1
      entries.push([name, readValue(depth + 1)])
      skipSpace()
      if (text[at] === '}') break
      if (text[at] !== ',') throw wrong('after object key:value pair')
      at += 1
    }
    at += 1
    return entries
  }

  function readItems(depth: number): JsonValue[] {
    const items: JsonValue[] = []
    at += 1
    skipSpace()
    while (text[at] !== ']' || items.length > 0) {
      items.push(readValue(depth + 1))
      skipSpace()
      if (text[at] === ']') break
      if (text[at] !== ',') throw wrong('after array element')
      at += 1
    }
    at += 1
    return items
  }

  function readString(): string {
    const begin = at
    at += 1
    while (text[at] !== '"') {
      const letter = text[at] ?? ''
      if (letter < ' ') throw wrong('in string')
      if (letter === '\\') {
        const found = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(at, at + 6))
        if (!found) throw wrongEscape(text.slice(at, at + 6))
        at += found[0].length
      } else at += 1
    }
    at += 1
    return JSON.parse(text.slice(begin, at)) as string
  }

  function readNumber(): string {
    const begin = at
    if (text[at] === '-') at += 1
    // Behind a 0 the number is over, whatever comes.
    if (text[at] === '0') at += 1
    else readDigits()
    if (text[at] === '.') {
      at += 1
      readDigits()
    }
    if (text[at] === 'e' || text[at] === 'E') {
      at += 1
      if (text[at] === '+' || text[at] === '-') at += 1
      readDigits()
    }
    return text.slice(begin, at)
  }

  function readDigits(): void {
    if (!isDigit(text[at] ?? '')) throw wrong('in numeric literal')
    while (isDigit(text[at] ?? '')) at += 1
  }

  const value = readValue(1)
  return { value, rest: text.slice(at) }
}

function wrongEscape(text: string): NotJson {
  // As long as it may still become one, it is the end of the text that is wrong.
  if (/^\\(?:u[0-9a-fA-F]{0,3})?$/.test(text)) return new NotJson('unexpected EOF')
  const shown = text[1] === 'u' ? text : text.slice(0, 2)
  return new NotJson(`invalid escape sequence \`${shown}\` in string`)
}

function isDigit(letter: string): boolean {
  return letter >= '0' && letter <= '9' && letter.length === 1
}
