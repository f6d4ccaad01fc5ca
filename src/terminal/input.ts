/**
 * Reads standard input, with one method each for a terminal, a pipe and a
 * file.
 *
 * @module
 */

import { fstatSync, read } from 'node:fs'
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
  return isatty(fd) ? openTerminal(fd) : openFile(fd)
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

/**
 * Reads a file, or a device such as /dev/null, into one buffer. It waits for
 * the consumer like a pipe.
 */
function openFile(fd: number): Input {
  const buffer = Buffer.allocUnsafe(fileReadLength)
  let consume: Consumer = () => true
  let end: () => void = () => {}
  let isClosed = false
  function readNext(): void {
    read(fd, buffer, 0, buffer.length, null, (error, length) => {
      if (isClosed) return
      if (error || length === 0) end()
      else if (consume(buffer.subarray(0, length))) readNext()
    })
  }
  return {
    read(next) {
      consume = next
      const ended = new Promise<undefined>((resolve) => {
        end = () => resolve(undefined)
      })
      readNext()
      return ended
    },
    resume: readNext,
    close() {
      isClosed = true
      end()
    },
  }
}

/**
 * Reads a terminal. Not process.stdin: Ctrl-D would end it for good, and the
 * next menu needs standard input.
 */
function openTerminal(fd: number): Input {
  const terminal = new ReadStream(fd)
  let onData: (chunk: Buffer) => void = () => {}
  return {
    read(consume) {
      const ended = endOfInput(terminal)
      onData = (chunk) => {
        if (!consume(chunk)) terminal.pause()
      }
      terminal.on('data', onData)
      return ended
    },
    resume: () => terminal.resume(),
    close() {
      terminal.off('data', onData)
      terminal.destroy()
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
