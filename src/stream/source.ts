/**
 * A source of bytes: the daemon's side of a hijacked connection, or the learner's standard
 * input. Both are read in the same way, so there is one way to slow them down.
 *
 * @module
 */

import type { Writable } from 'node:stream'

/**
 * Takes one chunk. The chunk may be a view of memory that the next read uses again: a taker
 * that still needs it returns false, and the source waits until `resume` is called.
 */
export type Consumer = (chunk: Uint8Array) => boolean

/** Where bytes come from. */
export type Source = {
  /**
   * Hands every chunk to `take`, in order.
   *
   * @returns a promise that resolves at the end of the bytes, with the error that ended them
   * early if there was one. It never rejects.
   */
  readonly read: (take: Consumer) => Promise<Error | undefined>
  /** Goes on after a `take` that returned false. */
  readonly resume: () => void
}

/**
 * Writes chunks, in one system call where the sink can, and says whether they have left our
 * hands. Where they have not, because whoever reads is slower than we are, `flushed` is called as
 * soon as they have. This is backpressure: nothing piles up in memory, the source waits, and the
 * kernel slows the other side down.
 */
export function writeChunks(
  chunks: readonly Uint8Array[],
  into: Writable,
  flushed: () => void,
): boolean {
  const last = chunks.length - 1
  if (last < 0) return true
  let waiting = false
  into.cork()
  chunks.forEach((chunk, index) => {
    into.write(chunk, index === last ? () => waiting && flushed() : undefined)
  })
  into.uncork()
  waiting = into.writableLength > 0
  return !waiting
}
