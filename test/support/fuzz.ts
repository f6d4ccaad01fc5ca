/**
 * Property tests: fast-check looks for an input that breaks a rule, and
 * prints the smallest one with its seed.
 *
 * `npm test` makes the same inputs every time, so that it fails only because
 * of a change. `WORKBOOK_FUZZ=60 npm test -- fuzz` searches with a new seed,
 * for 60 seconds in each property.
 *
 * @module
 */

import fc from 'fast-check'
import { test } from 'vitest'

/** How many seconds to search in each property. 0 for the usual number. */
const seconds = Number(process.env.WORKBOOK_FUZZ || 0)

/** The seed of `npm test`. */
const seed = 20_150_915

/** What a property needs besides its rule. */
export type Fuzzing<Input> = {
  /** Inputs that broke the rule once. They're tried first. */
  readonly found?: readonly Input[]
  /** How many inputs `npm test` makes. */
  readonly runs?: number
}

/**
 * Defines a test of a rule that has to hold for every input. The rule throws
 * if it doesn't.
 */
export function fuzz<Input>(
  title: string,
  input: fc.Arbitrary<Input>,
  rule: (input: Input) => void | Promise<void>,
  { found = [], runs = 300 }: Fuzzing<Input> = {},
): void {
  // A second try would have another seed, and hide what the first one found.
  const options = { retry: 0, timeout: seconds * 1000 + 60_000 }
  test(title, options, async () => {
    const property = fc.asyncProperty(input, async (made) => {
      await rule(made)
    })
    await fc.assert(property, {
      examples: found.map((each): [Input] => [each]),
      ...(seconds > 0
        ? { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * 1000 }
        : { numRuns: runs, seed }),
    })
  })
}

/** A whole and where it is cut. */
export type CutBytes = { readonly bytes: Uint8Array; readonly cuts: readonly number[] }

/** Adds cuts to bytes: nowhere, at any few places, or after each byte. */
export function cutAnywhere(whole: fc.Arbitrary<Uint8Array>): fc.Arbitrary<CutBytes> {
  return whole.chain((bytes) => {
    const everywhere = Array.from({ length: bytes.length }, (_, at) => at)
    const places = fc.array(fc.nat(bytes.length), { maxLength: 12 })
    return fc.oneof(places, fc.constant(everywhere)).map((cuts) => ({
      bytes,
      cuts: cuts.toSorted((one, other) => one - other),
    }))
  })
}

/** Returns the pieces. Two cuts at the same place leave an empty piece. */
export function piecesOf({ bytes, cuts }: CutBytes): Uint8Array[] {
  const ends = [...cuts, bytes.length]
  return ends.map((end, at) => bytes.slice(ends[at - 1] ?? 0, end))
}

/**
 * Hands pieces over in one buffer, as the socket does: after the call, the
 * next read overwrites them.
 */
export function feedReused(pieces: readonly Uint8Array[], feed: (chunk: Uint8Array) => void): void {
  const memory = new Uint8Array(Math.max(0, ...pieces.map(({ length }) => length)))
  for (const piece of pieces) {
    memory.set(piece)
    feed(memory.subarray(0, piece.length))
    memory.fill(0xee)
  }
}

/** Text with what breaks lines, terminals, JSON and HTML in it. */
export const nastyText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        ...['\r\n', '\n', '\t', '\0', '\x1b[31m', '\x1b]0;x\x07', '\u009b', '\u202e', '\ufeff'],
        ...['</script>', '<!--', '"', '\\', '%', '%zz', '__proto__', '世界', '👩‍👩‍👧'],
        ...['e\u0301\u0301', '🇩🇪🇩', '\ud800', '\u200d', 'a, b,c', '  '],
      ),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''))
