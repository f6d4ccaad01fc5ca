/**
 * JSON as Go reads it. docker is written in Go, so its settings may be written in ways that
 * `JSON.parse` does not take: `DetachKeys` is `detachKeys`, and a value of a wrong type costs that
 * value and no other. What is wrong is said in Go's words, because docker's users know those.
 *
 * @module
 */

import { Failure } from '../process/failure.ts'

/** What may stand in a place, and what Go calls it. */
export type Shape = {
  /** `string`, `map[string]string`, `configfile.ConfigFile`. */
  readonly goType: string
  readonly kind: 'string' | 'bool' | 'array' | 'object' | 'anything'
  /** Of a struct, its fields. */
  readonly fields?: Readonly<Record<string, Shape>>
  /** Of a list or a map, what each entry is. */
  readonly each?: Shape
}

/** A text. */
export const text: Shape = { goType: 'string', kind: 'string' }

/** True or false. */
export const truth: Shape = { goType: 'bool', kind: 'bool' }

/** Whatever it is. */
export const anything: Shape = { goType: 'json.RawMessage', kind: 'anything' }

/** A list. */
export function listOf(each: Shape): Shape {
  return { goType: `[]${each.goType}`, kind: 'array', each }
}

/** An object with names of any kind. */
export function mapOf(each: Shape): Shape {
  return { goType: `map[string]${each.goType}`, kind: 'object', each }
}

/** An object with these fields, and others that nobody looks at. */
export function struct(goType: string, fields: Readonly<Record<string, Shape>>): Shape {
  return { goType, kind: 'object', fields }
}

/** What was read: as much as has the shape, and the first thing that was wrong. */
export type Understood = { readonly value: object | undefined; readonly wrong?: string }

/**
 * Reads the JSON value with which a file begins. An empty file is no mistake.
 *
 * @param bytes - the file
 * @param rest - whether something may follow behind the value
 */
export function readGoJson(bytes: Buffer, shape: Shape, rest: 'allowed' | 'refused'): Understood {
  // One character is one byte here, because that is how Go counts and names them.
  const characters = bytes.toString('latin1')
  if (rest === 'allowed' && skipBlanks(characters, 0) === characters.length) {
    return { value: undefined }
  }
  try {
    const end = endOfValue(characters, 0)
    const behind = skipBlanks(characters, end)
    if (rest === 'refused' && behind < characters.length) {
      throw unexpected(characters, behind, 'after top-level value')
    }
    return withShape(JSON.parse(bytes.subarray(0, end).toString()), shape)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const ended = rest === 'allowed' ? 'unexpected EOF' : 'unexpected end of JSON input'
    return { value: undefined, wrong: error.message || ended }
  }
}

/** Keeps of a value that was read what has the shape. */
export function withShape(value: unknown, shape: Shape): Understood {
  let wrong: string | undefined
  const kept = keep(value, shape, '', (what) => {
    wrong ??= `json: cannot unmarshal ${what}`
  })
  return { value: kept as object | undefined, ...(wrong !== undefined && { wrong }) }
}

/** @param place - `ConfigFile.detachKeys`, or nothing for the whole */
function keep(
  value: unknown,
  shape: Shape,
  place: string,
  complain: (what: string) => void,
): unknown {
  // To Go null is the absence of a value, whatever the type.
  if (value === null) return undefined
  if (shape.kind === 'anything') return value
  const kind = kindOf(value)
  if (kind !== shape.kind) {
    complain(`${kind} into Go ${place ? `struct field ${place}` : 'value'} of type ${shape.goType}`)
    return undefined
  }
  const { fields, each } = shape
  if (!fields && !each) return value
  const kept: Record<string, unknown> = {}
  for (const [name, entry] of Object.entries(value as object)) {
    if (each) kept[name] = keep(entry, each, place, complain)
    const field = fields && fieldNamed(name, fields)
    if (!field) continue
    const inside = keep(entry, field[1], placeInside(shape, place, field[0]), complain)
    if (inside !== undefined) kept[field[0]] = inside
  }
  return kind === 'array' ? Object.values(kept) : kept
}

/** A field is found by its name, and else by its name in other letters. */
function fieldNamed(
  name: string,
  fields: NonNullable<Shape['fields']>,
): [string, Shape] | undefined {
  const all = Object.entries(fields)
  const folded = name.toLowerCase()
  return (
    all.find(([field]) => field === name) ?? all.find(([field]) => field.toLowerCase() === folded)
  )
}

/** Go names the innermost struct, and behind it the way from the outermost one. */
function placeInside({ goType }: Shape, place: string, field: string): string {
  const way = place.split('.').slice(1)
  return [goType.slice(goType.lastIndexOf('.') + 1), ...way, field].join('.')
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

/**
 * Finds the end of the value that begins behind `at`.
 *
 * @throws a {@link Failure} about the first character that makes no sense. It has no message where
 * the text ends too early.
 */
function endOfValue(characters: string, at: number): number {
  const begin = skipBlanks(characters, at)
  const first = characters[begin] ?? ''
  if (first === '{') return endOfObject(characters, begin + 1)
  if (first === '[') return endOfArray(characters, begin + 1)
  if (first === '"') return endOfString(characters, begin + 1)
  if (/[-\d]/.test(first)) return endOfNumber(characters, begin)
  const word = ['true', 'false', 'null'].find((known) => known[0] === first)
  if (word) return endOfWord(characters, begin, word)
  throw unexpected(characters, begin, 'looking for beginning of value')
}

function endOfObject(characters: string, from: number): number {
  let at = skipBlanks(characters, from)
  if (characters[at] === '}') return at + 1
  for (;;) {
    if (characters[at] !== '"') {
      throw unexpected(characters, at, 'looking for beginning of object key string')
    }
    at = skipBlanks(characters, endOfString(characters, at + 1))
    if (characters[at] !== ':') throw unexpected(characters, at, 'after object key')
    at = skipBlanks(characters, endOfValue(characters, at + 1))
    if (characters[at] === '}') return at + 1
    if (characters[at] !== ',') throw unexpected(characters, at, 'after object key:value pair')
    at = skipBlanks(characters, at + 1)
  }
}

function endOfArray(characters: string, from: number): number {
  let at = skipBlanks(characters, from)
  if (characters[at] === ']') return at + 1
  for (;;) {
    at = skipBlanks(characters, endOfValue(characters, at))
    if (characters[at] === ']') return at + 1
    if (characters[at] !== ',') throw unexpected(characters, at, 'after array element')
    at += 1
  }
}

function endOfString(characters: string, from: number): number {
  let at = from
  while (characters[at] !== '"') {
    if (characters[at] === '\\') {
      at += 1
      if (characters[at] === 'u') {
        for (const digit of [1, 2, 3, 4]) {
          if (!/[0-9a-fA-F]/.test(characters[at + digit] ?? '')) {
            throw unexpected(characters, at + digit, 'in \\u hexadecimal character escape')
          }
        }
        at += 4
      } else if (!/[bfnrt\\/"]/.test(characters[at] ?? '')) {
        throw unexpected(characters, at, 'in string escape code')
      }
    } else if ((characters[at] ?? '') < ' ') {
      throw unexpected(characters, at, 'in string literal')
    }
    at += 1
  }
  return at + 1
}

function endOfNumber(characters: string, from: number): number {
  // What a number consists of, and what is said where its digits are missing.
  const parts = [
    [/-?/y, /0|[1-9]\d*/y, 'in numeric literal'],
    [/\./y, /\d+/y, 'after decimal point in numeric literal'],
    [/[eE][-+]?/y, /\d+/y, 'in exponent of numeric literal'],
  ] as const
  let at = from
  for (const [sign, digits, missing] of parts) {
    const signed = endOfMatch(sign, characters, at)
    if (signed === undefined) continue
    const end = endOfMatch(digits, characters, signed)
    if (end === undefined) throw unexpected(characters, signed, missing)
    at = end
  }
  return at
}

function endOfMatch(pattern: RegExp, characters: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(characters) ? pattern.lastIndex : undefined
}

function endOfWord(characters: string, from: number, word: string): number {
  for (const [index, letter] of [...word].entries()) {
    if (characters[from + index] !== letter) {
      throw unexpected(characters, from + index, `in literal ${word} (expecting '${letter}')`)
    }
  }
  return from + word.length
}

function skipBlanks(characters: string, from: number): number {
  let at = from
  while (/[ \t\r\n]/.test(characters[at] ?? '')) at += 1
  return at
}

function unexpected(characters: string, at: number, where: string): Failure {
  const point = characters.codePointAt(at)
  if (point === undefined) return new Failure('')
  return new Failure(`invalid character ${quoteRune(point)} ${where}`)
}

/** Characters that Go writes by a letter. */
const letters: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
}

/** A character as Go writes it where it may be seen: what cannot be, by its number. */
function escapeRune(point: number): string {
  const character = String.fromCodePoint(point)
  const hex = (digits: number): string => point.toString(16).padStart(digits, '0')
  if (character in letters) return letters[character] ?? ''
  if (point < 0x20 || point === 0x7f) return `\\x${hex(2)}`
  if (character === ' ' || !/[\p{C}\p{Z}]/u.test(character)) return character
  return point < 0x1_0000 ? `\\u${hex(4)}` : `\\U${hex(8)}`
}

/** A character by its number, as Go writes it: `'x'`, `'\n'`, `'\x01'`, `'\u00a0'`. */
export function quoteRune(point: number): string {
  return `'${point === 0x27 ? "\\'" : escapeRune(point)}'`
}

/** A text between quotation marks, as Go writes it. */
export function quote(text: string): string {
  const runes = Array.from(text, (character) =>
    character === '"' ? '\\"' : escapeRune(character.codePointAt(0) ?? 0),
  )
  return `"${runes.join('')}"`
}
