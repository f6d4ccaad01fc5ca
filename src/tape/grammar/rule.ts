/**
 * A rule of the grammar: what a run of bytes is called, what is true of it in
 * every run, and a sentence about these bytes.
 *
 * @module
 */

import type { Source } from './sources.ts'

/** One field: bytes that belong together, and their meaning. */
export type Field = {
  /** The name of its rule in the grammar, such as `frame length`. */
  readonly rule: string
  /** Its bytes on the wire. Empty for an event without bytes. */
  readonly bytes: Uint8Array
  /** What it is called, in a few words: `payload length`. */
  readonly name: string
  /** What it means here, in a sentence computed from its bytes. */
  readonly meaning: string
  /** The same in a few words, for a line with little room. */
  readonly brief?: string
  /** What is true of it in every run. */
  readonly always?: string
  /** Where that is written down: a permanent link. */
  readonly source?: Source
}

/** A rule. `Context` is what its sentence needs besides the bytes. */
export type Rule<Context = undefined> = {
  /** The name of the rule. No other rule has it. */
  readonly rule: string
  /** What the field is called. By default like the rule. */
  readonly name?: string
  /** What is true of the field in every run. */
  readonly always: string
  /**
   * The sentence about these bytes. It is a constant only if the bytes are
   * the same in every run.
   */
  readonly says: string | ((text: string, context: Context) => string)
  /** The same in a few words. */
  readonly brief?: (context: Context) => string
  readonly source: Source
}

/** A rule whose context is not known here. */
export type AnyRule = Rule<never>

/** Applies a rule to bytes. */
export function fieldOf<Context>(
  { rule, name = rule, always, says, brief, source }: Rule<Context>,
  bytes: Uint8Array | string,
  context: Context,
): Field {
  const owned = Buffer.from(bytes as string)
  const meaning = typeof says === 'string' ? says : says(owned.toString(), context)
  return {
    rule,
    bytes: owned,
    name,
    meaning,
    ...(brief && { brief: brief(context) }),
    always,
    source,
  }
}
