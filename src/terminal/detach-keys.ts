/**
 * Detach keys: the sequence (ctrl-p ctrl-q by default) that leaves a session
 * while its command keeps running. The client looks for it in the input; the
 * daemon never sees it.
 *
 * @module
 */

/** docker's default sequence. */
export const defaultDetachKeys = 'ctrl-p,ctrl-q'

/**
 * Parses keys such as `ctrl-p,ctrl-q` into bytes. Keys are separated by
 * commas. Each is a single character, `DEL`, or `ctrl-` with a letter or one
 * of `@ [ \ ] ^ _`.
 *
 * @returns the bytes, or undefined for an invalid key
 */
export function parseDetachKeys(text: string): Uint8Array | undefined {
  const bytes: number[] = []
  for (const key of text.split(',')) {
    const control = /^ctrl-(.)$/s.exec(key)?.[1]
    if (control !== undefined) {
      // Ctrl clears the upper three bits: `p` is 0x70, ctrl-p is 0x10.
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
 * Returns the bytes to look for: from the command line, else from the user's
 * configuration, else docker's default. An invalid sequence silently falls
 * back to the default, because the daemon already refuses it in chapter 1.
 */
export function detachKeysOf(
  asked: { readonly detachKeys: string },
  engine: { readonly config: { readonly detachKeys: string } },
): Uint8Array {
  const text = asked.detachKeys || engine.config.detachKeys || defaultDetachKeys
  return parseDetachKeys(text) ?? (parseDetachKeys(defaultDetachKeys) as Uint8Array)
}

/** The result of searching a chunk of input. */
export type Scan = {
  /** The bytes to pass on, in order. */
  readonly pass: readonly Uint8Array[]
  /** True when the sequence is complete: detach from the session. */
  readonly detached: boolean
}

/**
 * Returns a function that searches for the sequence in chunks of input. The
 * start of a sequence is held back until the next key decides, which is why a
 * single ctrl-p seems to do nothing in a container.
 *
 * A key that breaks a sequence does not start a new one: ctrl-p ctrl-p ctrl-q
 * passes all three keys, as in docker.
 */
export function createDetachSearch(keys: Uint8Array): (chunk: Uint8Array) => Scan {
  let matched = 0
  return function scan(chunk) {
    const pass: Uint8Array[] = []
    for (let at = 0; at < chunk.length; at += 1) {
      if (chunk[at] === keys[matched]) {
        matched += 1
        if (matched < keys.length) continue
        // Input before the sequence still goes to the command.
        pass.push(chunk.subarray(0, Math.max(0, at + 1 - matched)))
        matched = 0
        return { pass: pass.filter(isNotEmpty), detached: true }
      }
      // If the sequence started in an earlier chunk, pass on the part that
      // was held back.
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
