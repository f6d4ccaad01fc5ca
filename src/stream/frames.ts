/**
 * The stdcopy frame: how one connection carries two streams.
 *
 * Without a terminal the command in the container writes to two pipes, and the daemon puts
 * what comes out of either into frames on the same connection:
 *
 * ```text
 *   byte 0        which stream: 0 stdin, 1 stdout, 2 stderr, 3 a message of the daemon
 *   bytes 1 to 3  zero
 *   bytes 4 to 7  length of the payload, 32 bits, the most significant byte first
 *   bytes 8 …     the payload
 *
 *   01 00 00 00 00 00 00 06 68 65 6c 6c 6f 0a      stdout, 6 bytes, "hello\n"
 *   02 00 00 00 00 00 00 04 6f 6f 70 73            stderr, 4 bytes, "oops"
 * ```
 *
 * The connection knows nothing of frames. One read may bring half a header, or three hundred
 * frames and the beginning of another one.
 *
 * @module
 */

import { Failure } from '../process/failure.ts'

/** The length of a frame's header, in bytes. */
export const headerLength = 8

/** The number in the first byte of a header. */
export const stream = { stdin: 0, stdout: 1, stderr: 2, systemError: 3 } as const

/** Where a payload goes. */
export type OutputStream = 'stdout' | 'stderr'

/**
 * Makes a demultiplexer: a function that takes the bytes as they come, cut anywhere, and
 * hands on the payloads.
 *
 * A payload is a view into the chunk it came in, so nothing is copied and a frame that is cut
 * comes as several payloads. What was handed on is not kept. The two things that outlive a
 * chunk are a header that is cut in two, 8 bytes, and a message of the daemon.
 *
 * @param take - gets each payload, in the order of the wire
 * @param begin - gets what each header says, also that of a frame that makes no sense
 * @returns the function to feed; it throws a {@link Failure} when the bytes are not frames, and
 * when the daemon sends a message of its own in stream 3
 */
export function createDemultiplexer(
  take: (target: OutputStream, payload: Uint8Array) => void,
  begin?: (stream: number, length: number) => void,
): (chunk: Uint8Array) => void {
  // What is left of a header that the last chunk ended in.
  const header = new Uint8Array(headerLength)
  let headerFilled = 0

  // The frame that we are in, and how many bytes of it are still to come.
  let current = 0
  let remaining = 0
  const message: Uint8Array[] = []

  function beginFrame(bytes: Uint8Array, at: number): void {
    current = bytes[at] ?? 0
    // The shift by 24 makes a length of 2 GiB and more negative; `>>> 0` reads it as unsigned.
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
        'These bytes are not stdcopy frames: a terminal’s output comes without any, and a proxy may have mixed something in.',
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
          // The header is cut. Its parts are put together here, byte by byte, and nowhere else.
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
        // The chunk's memory is used again for the next read, a message must be kept: a copy.
        message.push(Uint8Array.from(payload))
        if (remaining === 0) endMessage()
      } else {
        // Stream 0 carries no input from the daemon to us. Go's stdcopy writes it to stdout, so do we.
        take(current === stream.stderr ? 'stderr' : 'stdout', payload)
      }
    }
  }
}

/** Puts a payload into a frame, as a daemon does. */
export function encodeFrame(target: keyof typeof stream, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(headerLength + payload.length)
  frame[0] = stream[target]
  new DataView(frame.buffer).setUint32(4, payload.length)
  frame.set(payload, headerLength)
  return frame
}
