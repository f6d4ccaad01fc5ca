/**
 * A source of bytes: the daemon's side of a hijacked connection, or the
 * learner's stdin. Both have the same interface, so backpressure works the
 * same way for both.
 *
 * @module
 */

import { writeFileSync, writevSync } from 'node:fs'
import { Socket } from 'node:net'
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
  if (isOwnFile(into)) {
    writeToFile(chunks, into)
    return true
  }
  let waiting = false
  into.cork()
  chunks.forEach((chunk, index) => {
    into.write(chunk, index === last ? () => waiting && flushed() : undefined)
  })
  into.uncork()
  waiting = into.writableLength > 0
  return !waiting
}

/** Whether this is our standard output or error, and leads to a file. */
function isOwnFile(into: Writable): into is typeof process.stdout {
  return (into === process.stdout || into === process.stderr) && !(into instanceof Socket)
}

/** The most pieces that the kernel takes in one call. */
const piecesPerCall = 1024

/**
 * Writes to a file or /dev/null. Node's stream also waits for each write, but
 * makes one system call per chunk and does not notice a short write.
 */
function writeToFile(chunks: readonly Uint8Array[], file: typeof process.stdout): void {
  try {
    for (let at = 0; at < chunks.length; at += piecesPerCall) {
      const pieces = chunks.slice(at, at + piecesPerCall)
      const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
      const written = writevSync(file.fd, pieces)
      if (written < length) writeFileSync(file.fd, Buffer.concat(pieces).subarray(written))
    }
  } catch (error) {
    // As a failed write of the stream would: it emits the error.
    file.destroy(error as Error)
  }
}
