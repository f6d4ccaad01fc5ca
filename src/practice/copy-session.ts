/**
 * A session: one process and one connection, copied to and fro until either is over.
 *
 * @module
 */

import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { createDetachSearch } from '../terminal/detach-keys.ts'
import type { ActiveFaults } from './faults.ts'
import type { Output } from './output.ts'
import type { OutputStream, PracticeProcess } from './running-process.ts'

/** How long a child that the process left behind may go on writing, in milliseconds. */
const lateOutput = 2000

/** How a session ended. */
export type SessionEnd = 'over' | 'detached'

/** What a session needs to know of its exec. */
export type SessionOptions = {
  readonly stdin: boolean
  /** Whether the client gets what is written to a stream. */
  readonly takes: (stream: OutputStream) => boolean
  readonly tty: boolean
  /** The bytes that leave a session on the daemon's side. */
  readonly detachKeys: Uint8Array
}

/**
 * Copies until the process is over and its output sent. A client that goes away ends nothing: the
 * process lives on, and its output leads nowhere.
 *
 * @returns when the process is over, with its exit code, and when somebody typed the detach keys
 */
export async function runSession(
  running: PracticeProcess,
  socket: Socket,
  output: Output,
  options: SessionOptions,
  faults: ActiveFaults,
): Promise<{ readonly end: SessionEnd; readonly exitCode: number }> {
  let listening = true
  running.read((stream, chunk) =>
    listening && options.takes(stream) ? output.write(stream, chunk) : true,
  )
  output.drained(running.resume)
  const detached = copyInput(running, socket, options, faults, () => {
    listening = false
    running.resume()
  })

  const end = await Promise.race([running.exited.then(() => 'over' as const), detached])
  if (end === 'detached') {
    listening = false
    return { end, exitCode: 126 }
  }
  // The output of a process may still be in its pipe when the process is gone; and a child of it
  // may hold the pipe open.
  await Promise.race([running.silent, wait(lateOutput, undefined, { ref: false })])
  listening = false
  return { end, exitCode: await running.exited }
}

/** Copies what the client sends. Resolves if it detaches, and only then. */
function copyInput(
  running: PracticeProcess,
  socket: Socket,
  { stdin, tty, detachKeys }: SessionOptions,
  faults: ActiveFaults,
  clientLeft: () => void,
): Promise<'detached'> {
  return new Promise((resolve) => {
    const search = tty ? createDetachSearch(detachKeys) : undefined
    running.drained(() => socket.resume())
    socket.on('data', (chunk: Buffer) => {
      if (!stdin) return
      const { pass, detached } = search?.(chunk) ?? { pass: [chunk], detached: false }
      const hasRoom = pass.map((part) => running.write(part)).every(Boolean)
      if (detached) resolve('detached')
      if (!hasRoom) socket.pause()
      if (faults.has('slow-reader')) {
        socket.pause()
        setTimeout(() => socket.resume(), 50)
      }
    })
    const onEnd = (): void => {
      if (!stdin) return
      if (tty) {
        // A terminal cannot be half-closed. Docker ends the session here, whatever is still to come
        // out of it, and the process runs on.
        clientLeft()
        socket.end()
      } else running.endInput()
    }
    const onClose = (): void => {
      if (stdin && !tty) running.endInput()
      clientLeft()
    }
    // A client without input half-closes at once, and one that was killed is gone: perhaps before
    // the process was there.
    if (socket.readableEnded) onEnd()
    else socket.on('end', onEnd)
    if (socket.closed) onClose()
    else socket.on('close', onClose)
    socket.resume()
  })
}
