/**
 * Standard input, read in the way that suits what it is: a terminal, a pipe or a file.
 *
 * @module
 */

import { createReadStream, fstatSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { isatty, ReadStream } from 'node:tty'
import type { Consumer, Source } from '../stream/source.ts'

/** Standard input while somebody reads it. */
export type Input = Source & {
  /**
   * Stops reading, at once. A read that waits for the next key must not keep the process alive. What
   * `read` returned does not resolve by that on a terminal: it waits for the end of the input.
   */
  readonly close: () => void
}

/** One read of a file takes this much; the fewer reads, the less an 8 GiB upload costs. */
const fileReadLength = 1024 * 1024

/** A pipe never holds more. */
const pipeReadLength = 64 * 1024

/** Opens a file descriptor, 0 for standard input, for reading. */
export function openInput(fd = 0): Input {
  const kind = fstatSync(fd)
  if (kind.isFIFO() || kind.isSocket()) return openPipe(fd)
  // Not Node's own stream: Ctrl-D ends the one that reads it, and the next menu needs standard input.
  if (isatty(fd)) {
    const terminal = new ReadStream(fd)
    return readStream(terminal, () => terminal.destroy())
  }
  const file = createReadStream('', { fd, autoClose: false, highWaterMark: fileReadLength })
  return readStream(file, () => file.destroy())
}

/**
 * Reads a pipe into one buffer again and again. A taker that has not got rid of the chunk
 * returns false, and the next read waits: so the buffer is never written over too early.
 */
function openPipe(fd: number): Input {
  let take: Consumer = () => true
  const socket = new Socket({
    fd,
    readable: true,
    writable: false,
    onread: {
      buffer: Buffer.allocUnsafe(pipeReadLength),
      callback: (length: number, buffer: Uint8Array) => take(buffer.subarray(0, length)),
    },
  } as ConstructorParameters<typeof Socket>[0])
  socket.pause()
  return {
    read(next) {
      take = next
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
    read(take) {
      const ended = endOfInput(stream)
      onData = (chunk) => {
        if (!take(chunk)) stream.pause()
      }
      stream.on('data', onData)
      // Whoever asked a question before has paused it, and a listener alone does not undo that.
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
 * Resolves at the end of the input. An error is an end too: a terminal that has hung up answers
 * reads with EIO, and there is nothing more to come from it.
 */
function endOfInput(stream: Readable): Promise<undefined> {
  return new Promise((resolve) => {
    for (const event of ['end', 'error', 'close']) stream.once(event, () => resolve(undefined))
  })
}
