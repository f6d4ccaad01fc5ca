/**
 * Bytes as a person reads them: hexadecimal digits, and the characters that they are.
 *
 * @module
 */

/** `68 69 0a`: two digits a byte. */
export function hexText(bytes: Uint8Array): string {
  return inPairs(Buffer.from(bytes).toString('hex'))
}

/** `00 00 00 04`: a number of so many bytes, the most significant one first, as a frame has it. */
export function hexNumber(value: number, bytes: number): string {
  return inPairs(value.toString(16).padStart(bytes * 2, '0'))
}

function inPairs(digits: string): string {
  return digits.replace(/..(?=.)/g, '$& ')
}

/** `hi·`: a character a byte, and a dot for what cannot be seen. */
export function visibleText(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, '·')
}

/** `hi\r\n·`: the same, with the ends of lines and tabs as JavaScript writes them. */
export function spelledText(bytes: Uint8Array): string {
  const known: Readonly<Record<string, string>> = { '\r': '\\r', '\n': '\\n', '\t': '\\t' }
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, (character) => known[character] ?? '·')
}

/**
 * The IDs in a text by their beginnings. An ID has 64 digits; the first twelve are enough to know it
 * again, and docker shows no more of it either.
 */
export function shortIds(text: string): string {
  return text.replace(/[0-9a-f]{64}/g, (id) => `${id.slice(0, 12)}…`)
}
