/**
 * Reads standard input, with one method each for a terminal, a pipe and a
 * file.
 *
 * @module
 */

import { createReadStream, fstatSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { isatty, ReadStream } from 'node:tty'
import type { Consumer, Source } from '../stream/source.ts'

/** An open standard input. */
export type Input = Source & {
  /**
   * Stops reading immediately, so a read that waits for the next key does not
   * keep the process alive. On a terminal this does not resolve the promise
   * of `read`, which waits for the end of the input.
   */
  readonly close: () => void
}

/**
 * The size of one read from a file. Fewer reads make large uploads cheaper.
 */
const fileReadLength = 1024 * 1024

/** The capacity of a pipe. */
const pipeReadLength = 64 * 1024

/** Opens a file descriptor for reading. The default is standard input. */
export function openInput(fd = 0): Input {
  const kind = fstatSync(fd)
  if (kind.isFIFO() || kind.isSocket()) return openPipe(fd)
  // Not process.stdin: Ctrl-D would end it for good, and the next menu needs
  // standard input.
  if (isatty(fd)) {
    const terminal = new ReadStream(fd)
    return readStream(terminal, () => terminal.destroy())
  }
  const file = createReadStream('', { fd, autoClose: false, highWaterMark: fileReadLength })
  return readStream(file, () => file.destroy())
}

/**
 * Reads a pipe into one buffer. A consumer that has not finished with the
 * chunk returns false, and the next read waits, so the buffer is not
 * overwritten too early.
 */
function openPipe(fd: number): Input {
  let consume: Consumer = () => true
  const socket = new Socket({
    fd,
    readable: true,
    writable: false,
    onread: {
      buffer: Buffer.allocUnsafe(pipeReadLength),
      callback: (length: number, buffer: Uint8Array) => consume(buffer.subarray(0, length)),
    },
  } as ConstructorParameters<typeof Socket>[0])
  socket.pause()
  return {
    read(next) {
      consume = next
      const ended = endOfInput(socket)
      socket.resume()
      return ended
    },
    resume: () => socket.resume(),
    close: () => socket.destroy(),
  }
}

function readStream(stream: Readable, stop: () => void): Input {
  let onData: (chunk: Buffer) => void = () => {}
  return {
    read(consume) {
      const ended = endOfInput(stream)
      onData = (chunk) => {
        if (!consume(chunk)) stream.pause()
      }
      stream.on('data', onData)
      // An earlier prompt may have paused the stream, and a listener alone
      // does not resume it.
      stream.resume()
      return ended
    },
    resume: () => stream.resume(),
    close() {
      stream.off('data', onData)
      stop()
    },
  }
}

/**
 * Resolves at the end of the input. An error counts as the end: reading from
 * a terminal that has hung up fails with EIO.
 */
function endOfInput(stream: Readable): Promise<undefined> {
  return new Promise((resolve) => {
    for (const event of ['end', 'error', 'close']) stream.once(event, () => resolve(undefined))
  })
}
