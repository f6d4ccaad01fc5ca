/**
 * Unpacks what a recorded session wrote.
 *
 * @module
 */

import { Failure } from '../process/failure.ts'
import { createDemultiplexer } from '../stream/frames.ts'
import type { TapeEvent } from '../tape/event.ts'

/** Bytes that the command wrote. In a terminal all of them are stdout. */
export type Written = { readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }

/** Whether the output of a run came in frames. */
export function isFramed(events: readonly TapeEvent[]): boolean {
  return events.some((event) => event.kind === 'upgrade' && event.framing === 'stdcopy')
}

/**
 * Returns a function that takes the received bytes in order and returns what
 * the command wrote. After the daemon's own error or invalid frames it
 * returns nothing: the session ended there, and the tape says so.
 */
export function createOutput(events: readonly TapeEvent[]): (bytes: Uint8Array) => Written[] {
  if (!isFramed(events)) return (bytes) => [{ stream: 'stdout', bytes }]
  let written: Written[] = []
  let isBroken = false
  const feed = createDemultiplexer((stream, payload) => {
    written.push({ stream, bytes: Buffer.from(payload) })
  })
  return (bytes) => {
    written = []
    try {
      if (!isBroken) feed(bytes)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      isBroken = true
    }
    return written
  }
}
