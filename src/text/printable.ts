/**
 * Text from a daemon or from a file, made safe to be written to a terminal.
 *
 * @module
 */

/**
 * What moves a cursor, changes a colour, answers to the program behind our back, or turns the order
 * of characters around: control characters in both their ranges, and those that set a direction.
 * A line end is none of them, for text is cut into lines before it is shown. Nor are the joiners
 * U+200C and U+200D, which emoji and Persian words need.
 */
const unsafe =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g

/** Writes them as `^[` and `\u202e`. */
export function printable(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.charCodeAt(0)
    if (code === 0x09) return ' '
    if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`
    return code === 0x7f ? '^?' : `\\u${code.toString(16).padStart(4, '0')}`
  })
}

/** The same for what has to stay on one line. */
export function printableLine(text: string): string {
  return printable(text).replaceAll('\n', '^J')
}

/** Makes every text in a value safe, also the names in it. */
export function printableValue<Value>(value: Value): Value {
  const clean = (inner: unknown): unknown => {
    if (typeof inner === 'string') return printable(inner)
    if (Array.isArray(inner)) return inner.map(clean)
    if (typeof inner !== 'object' || inner === null) return inner
    return Object.fromEntries(
      Object.entries(inner).map(([key, deep]) => [printableLine(key), clean(deep)]),
    )
  }
  return clean(value) as Value
}

/** JSON whose texts say the same and do nothing to a terminal. JSON itself escapes half of them. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(unsafe, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
