/**
 * The stdcopy frame: how one connection carries two streams.
 *
 * Without a tty the command in the container writes to two pipes. The daemon
 * puts the output of both into frames on the same connection:
 *
 * ```text
 *   byte 0        which stream: 0 stdin, 1 stdout, 2 stderr, 3 a message from the daemon
 *   bytes 1 to 3  zero
 *   bytes 4 to 7  length of the payload, 32 bits, the most significant byte first
 *   bytes 8 …     the payload
 *
 *   01 00 00 00 00 00 00 06 68 65 6c 6c 6f 0a      stdout, 6 bytes, "hello\n"
 *   02 00 00 00 00 00 00 04 6f 6f 70 73            stderr, 4 bytes, "oops"
 * ```
 *
 * The connection knows nothing about frames. One read may return half a
 * header, or three hundred frames and the beginning of another.
 *
 * @module
 */

import { Failure } from '../process/failure.ts'

/** The length of a frame's header, in bytes. */
export const headerLength = 8

/** The number in the first byte of a header. */
export const stream = { stdin: 0, stdout: 1, stderr: 2, systemError: 3 } as const

/** The stream that a payload goes to. */
export type OutputStream = 'stdout' | 'stderr'

/**
 * Creates a demultiplexer: a function that takes bytes in chunks, split
 * anywhere, and passes on the payloads.
 *
 * A payload is a view into its chunk, so nothing is copied, and a split frame
 * arrives as several payloads. Only an incomplete header and a message from
 * the daemon are kept between chunks.
 *
 * @param take - called with each payload, in the order of the wire
 * @param begin - called with each header, even an invalid one
 * @returns the function to feed; it throws a {@link Failure} if the bytes are
 * not frames, and if the daemon sends an error on stream 3
 */
export function createDemultiplexer(
  take: (target: OutputStream, payload: Uint8Array) => void,
  begin?: (stream: number, length: number) => void,
): (chunk: Uint8Array) => void {
  // A header that was split between chunks.
  const header = new Uint8Array(headerLength)
  let headerFilled = 0

  // The stream of the current frame, and how many of its bytes are still
  // missing.
  let current = 0
  let remaining = 0
  const message: Uint8Array[] = []

  function beginFrame(bytes: Uint8Array, at: number): void {
    current = bytes[at] ?? 0
    // The shift by 24 makes lengths from 2 GiB negative; `>>> 0` makes them
    // unsigned.
    remaining =
      (((bytes[at + 4] ?? 0) << 24) |
        ((bytes[at + 5] ?? 0) << 16) |
        ((bytes[at + 6] ?? 0) << 8) |
        (bytes[at + 7] ?? 0)) >>>
      0
    begin?.(current, remaining)
    if (current > stream.systemError) {
      throw new Failure(
        `Unrecognized input header: ${current}`,
        1,
        'These bytes are not stdcopy frames. They may be a terminal’s output, or a proxy may have inserted something.',
      )
    }
    if (current === stream.systemError && remaining === 0) endMessage()
  }

  function endMessage(): never {
    throw new Failure(`error from daemon in stream: ${Buffer.concat(message).toString()}`)
  }

  return function feed(chunk) {
    let at = 0
    while (at < chunk.length) {
      if (remaining === 0) {
        if (headerFilled === 0 && chunk.length - at >= headerLength) {
          beginFrame(chunk, at)
          at += headerLength
        } else {
          // The header is split between chunks, so we collect it byte by
          // byte.
          header[headerFilled] = chunk[at] ?? 0
          headerFilled += 1
          at += 1
          if (headerFilled < headerLength) continue
          headerFilled = 0
          beginFrame(header, 0)
        }
        continue
      }

      const end = Math.min(at + remaining, chunk.length)
      const payload = chunk.subarray(at, end)
      remaining -= end - at
      at = end

      if (current === stream.systemError) {
        // A copy, because the next read reuses the chunk's memory.
        message.push(Uint8Array.from(payload))
        if (remaining === 0) endMessage()
      } else {
        // Go's stdcopy writes stream 0 to stdout, so we do too.
        take(current === stream.stderr ? 'stderr' : 'stdout', payload)
      }
    }
  }
}

/** Puts a header before a payload, as a daemon does. */
export function encodeFrame(target: keyof typeof stream, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(headerLength + payload.length)
  frame[0] = stream[target]
  new DataView(frame.buffer).setUint32(4, payload.length)
  frame.set(payload, headerLength)
  return frame
}
