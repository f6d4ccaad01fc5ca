/**
 * A source of bytes: the daemon's side of a hijacked connection, or the
 * learner's stdin. Both have the same interface, so backpressure works the
 * same way for both.
 *
 * @module
 */

import type { Writable } from 'node:stream'

/**
 * Takes one chunk. The next read may reuse the chunk's memory, so a consumer
 * that still needs it returns false. The source then pauses until `resume` is
 * called.
 */
export type Consumer = (chunk: Uint8Array) => boolean

/** Where bytes come from. */
export type Source = {
  /**
   * Hands every chunk to `take`, in order.
   *
   * @returns a promise that resolves at the end of the bytes, with the error
   * if one ended them early. It never rejects.
   */
  readonly read: (take: Consumer) => Promise<Error | undefined>
  /** Resumes reading after a `take` that returned false. */
  readonly resume: () => void
}

/**
 * Writes chunks to a stream, in one system call if the stream supports it.
 *
 * This is backpressure: if the reader is slow, the source pauses instead of
 * filling memory, and the kernel slows the other side down.
 *
 * @param flushed - called once the last chunk is out, unless all were out at
 * once
 * @returns whether all chunks are out, which makes their memory free to reuse
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
