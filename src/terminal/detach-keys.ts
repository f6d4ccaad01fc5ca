/**
 * Detach keys: the sequence, ctrl-p ctrl-q unless you say otherwise, that leaves a session
 * while its command lives on. The daemon never sees them; they are found on their way there.
 *
 * @module
 */

/** The sequence that docker uses when nobody names one. */
export const defaultDetachKeys = 'ctrl-p,ctrl-q'

/**
 * Turns `ctrl-p,ctrl-q` into its bytes: keys divided by commas, each one a single character or
 * `ctrl-` with a letter or one of `@ [ \ ] ^ _`, or `DEL`.
 *
 * @returns the bytes, or undefined if the text names a key that there is not
 */
export function parseDetachKeys(text: string): Uint8Array | undefined {
  const bytes: number[] = []
  for (const key of text.split(',')) {
    const control = /^ctrl-(.)$/s.exec(key)?.[1]
    if (control !== undefined) {
      // The control key clears the upper three bits: `p` is 0x70, ctrl-p is 0x10.
      if (!/[a-z@[\\\]^_]/.test(control)) return undefined
      bytes.push(control.charCodeAt(0) & 0x1f)
    } else if (key === 'DEL') {
      bytes.push(0x7f)
    } else if (key.length === 1 && key.charCodeAt(0) < 0x80) {
      bytes.push(key.charCodeAt(0))
    } else {
      return undefined
    }
  }
  return Uint8Array.from(bytes)
}

/**
 * The bytes to look for: those that were asked for, else those of the user's configuration, else
 * docker's. A sequence that makes no sense is refused by the daemon in chapter 1, so by now it is
 * read or replaced without a word.
 */
export function detachKeysOf(
  asked: { readonly detachKeys: string },
  engine: { readonly config: { readonly detachKeys: string } },
): Uint8Array {
  const text = asked.detachKeys || engine.config.detachKeys || defaultDetachKeys
  return parseDetachKeys(text) ?? (parseDetachKeys(defaultDetachKeys) as Uint8Array)
}

/** What is left of a chunk of input after the search. */
export type Scan = {
  /** The bytes to pass on, in order. */
  readonly pass: readonly Uint8Array[]
  /** True when the sequence is complete: the session is to be left. */
  readonly detached: boolean
}

/**
 * Makes a search for the sequence in input that comes in pieces. The beginning of a sequence is
 * held back until the next key tells whether it was one; that is why a lone ctrl-p seems to do
 * nothing in a container.
 *
 * A key that breaks a sequence does not begin a new one: ctrl-p ctrl-p ctrl-q passes all three,
 * as with docker.
 */
export function createDetachSearch(keys: Uint8Array): (chunk: Uint8Array) => Scan {
  let matched = 0
  return function scan(chunk) {
    const pass: Uint8Array[] = []
    for (let at = 0; at < chunk.length; at += 1) {
      if (chunk[at] === keys[matched]) {
        matched += 1
        if (matched < keys.length) continue
        // What came before the sequence in this chunk still belongs to the command.
        pass.push(chunk.subarray(0, Math.max(0, at + 1 - matched)))
        matched = 0
        return { pass: pass.filter(isNotEmpty), detached: true }
      }
      // Where the sequence began in an earlier chunk, its beginning was held back: pass it on now.
      if (matched > at) pass.push(keys.subarray(0, matched - at))
      matched = 0
    }
    pass.push(chunk.subarray(0, Math.max(0, chunk.length - matched)))
    return { pass: pass.filter(isNotEmpty), detached: false }
  }
}

function isNotEmpty(part: Uint8Array): boolean {
  return part.length > 0
}
