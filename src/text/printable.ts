/**
 * Makes text from a daemon or a file safe to write to a terminal.
 *
 * @module
 */

/**
 * Characters that could move the cursor, change colours, make the terminal
 * send an answer, or reorder the text: control characters in both ranges, and
 * direction marks. Line feeds are allowed, because text is split into lines
 * before it is shown. So are the joiners U+200C and U+200D, which emoji and
 * Persian need.
 */
const unsafe =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it matches control characters.
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g

/** Returns the text with unsafe characters as `^[` or `\u202e`. */
export function printable(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.charCodeAt(0)
    if (code === 0x09) return ' '
    if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`
    return code === 0x7f ? '^?' : `\\u${code.toString(16).padStart(4, '0')}`
  })
}

/** The same for text that must stay on one line. */
export function printableLine(text: string): string {
  return printable(text).replaceAll('\n', '^J')
}

/** The same for a message of one or more lines, which keeps its tabs. */
export function printableMessage(text: string): string {
  return text.split('\t').map(printable).join('\t')
}

/** Makes every string and every key in a value safe. */
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

/**
 * Returns JSON that is safe to print: also escapes unsafe characters that
 * JSON does not.
 */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(unsafe, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
