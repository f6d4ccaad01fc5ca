/**
 * Formats bytes as hexadecimal digits and as characters.
 *
 * @module
 */

/** Returns two digits per byte: `68 69 0a`. */
export function hexText(bytes: Uint8Array): string {
  return inPairs(Buffer.from(bytes).toString('hex'))
}

/** Returns a big-endian number of so many bytes: `00 00 00 04`. */
export function hexNumber(value: number, bytes: number): string {
  return inPairs(value.toString(16).padStart(bytes * 2, '0'))
}

function inPairs(digits: string): string {
  return digits.replace(/..(?=.)/g, '$& ')
}

/** Returns one character per byte, with a dot for unprintable ones: `hi·`. */
export function visibleText(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, '·')
}

/** The same, but with line ends and tabs as JavaScript escapes: `hi\r\n·`. */
export function escapedText(bytes: Uint8Array): string {
  const known: Readonly<Record<string, string>> = { '\r': '\\r', '\n': '\\n', '\t': '\\t' }
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, (character) => known[character] ?? '·')
}

/** Shortens the 64-digit IDs in a text to twelve digits, as docker does. */
export function shortIds(text: string): string {
  return text.replace(/[0-9a-f]{64}/g, (id) => `${id.slice(0, 12)}…`)
}
