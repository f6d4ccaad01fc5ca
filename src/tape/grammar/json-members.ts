/**
 * Finds the members of a JSON object in its text, with their exact
 * characters. `JSON.parse` gives the values but not where they are.
 *
 * @module
 */

/** A member of an object. */
export type JsonMember = {
  readonly key: string
  readonly value: unknown
  /** Its characters, with the comma and the spaces behind it. */
  readonly text: string
  /** The object that it belongs to. */
  readonly whole: Readonly<Record<string, unknown>>
}

/** An object in a text. */
export type JsonObject = {
  /** The brace and the spaces before the first member. */
  readonly begin: string
  readonly members: readonly JsonMember[]
  /** The last brace, and what follows it. */
  readonly end: string
}

/**
 * The longest text that is split, in characters. No daemon's body is longer,
 * and a string of millions of characters is too long for a regular
 * expression.
 */
const longest = 1024 * 1024

/** How deep values may be nested: deeper than any that a daemon sends. */
const deepest = 100

/** Whether a value is nested at most so deep that it can be walked. */
export function isShallow(value: unknown, levels = deepest): boolean {
  if (typeof value !== 'object' || value === null) return true
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1))
}

/** Returns the members of an object. Undefined if the text is none. */
export function membersOf(text: string): JsonObject | undefined {
  const value = text.length > longest ? undefined : parse(text)
  if (!isShallow(value)) return undefined
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const [begin = ''] = /^\s*\{\s*/.exec(text) ?? []
  const [end = ''] = /\s*\}\s*$/.exec(text) ?? []
  const inside = text.slice(begin.length, text.length - end.length)
  const members = splitMembers(inside).map((part): JsonMember => {
    const [entry = ['', undefined]] = Object.entries(parse(`{${part.replace(/,\s*$/, '')}}`) ?? {})
    return { key: entry[0], value: entry[1], text: part, whole: value as JsonMember['whole'] }
  })
  return { begin, members, end }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Splits behind each comma that is not in a string, array or object. */
function splitMembers(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let begin = 0
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]|,\s*/g)) {
    if (token === '{' || token === '[') depth += 1
    else if (token === '}' || token === ']') depth -= 1
    else if (token.startsWith(',') && depth === 0) {
      parts.push(text.slice(begin, index + token.length))
      begin = index + token.length
    }
  }
  return begin < text.length ? [...parts, text.slice(begin)] : parts
}
