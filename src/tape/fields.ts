/**
 * Splits what was on the wire into fields, and says what each field means.
 *
 * @module
 */

import { bytesOf, hasBytes, type TapeEvent } from './event.ts'

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
  /** Where that is written down: a permanent link. */
  readonly source?: { readonly title: string; readonly url: string }
}

/**
 * Returns the fields of each event. The bytes of an event's fields, joined,
 * are the bytes of the event on the wire.
 */
export function fieldsIn(events: readonly TapeEvent[]): (readonly Field[])[] {
  return events.map((event) =>
    hasBytes(event)
      ? [{ rule: 'bytes', bytes: bytesOf(event), name: 'bytes', meaning: 'Bytes.' }]
      : [],
  )
}
