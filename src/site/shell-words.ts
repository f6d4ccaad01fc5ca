/**
 * Writes text and bytes for a POSIX shell.
 *
 * @module
 */

/** Returns a text in single quotes, as one word. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** Returns a `printf` that writes these bytes. */
export function printfText(bytes: Uint8Array): string {
  return `printf ${quoted(formatOf(bytes))}`
}

const known: Readonly<Record<string, string>> = {
  '%': '%%',
  '\\': '\\\\',
  '\r': '\\r',
  '\n': '\\n',
  '\t': '\\t',
}

/**
 * Returns the format for `printf`. Text stays readable. Every byte of another
 * character is a backslash and three octal digits, and so is a leading minus,
 * which would begin an option.
 */
function formatOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString()
  const isText = Buffer.from(text).equals(Buffer.from(bytes))
  const encoding = isText ? 'utf8' : 'latin1'
  const isShown = isText ? /[^\p{C}\p{Z}]| /u : /[\x20-\x7e]/
  return [...Buffer.from(bytes).toString(encoding)]
    .map((character, at) => {
      if (known[character] !== undefined) return known[character]
      if (isShown.test(character) && (at > 0 || character !== '-')) return character
      return [...Buffer.from(character, encoding)].map(octal).join('')
    })
    .join('')
}

function octal(byte: number): string {
  return `\\${byte.toString(8).padStart(3, '0')}`
}
