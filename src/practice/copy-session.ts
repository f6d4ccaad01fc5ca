/**
 * Copies a session's bytes both ways between a process and a connection,
 * until either ends.
 *
 * @module
 */

import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { createDetachSearch } from '../terminal/detach-keys.ts'
import type { ActiveFaults } from './faults.ts'
import type { Output } from './output.ts'
import type { OutputStream, PracticeProcess } from './running-process.ts'

/**
 * How long we wait for more output after the command has exited, in
 * milliseconds. A child process may hold the pipe open.
 */
const lateOutputTimeout = 2000

/** How a session ended. */
export type SessionEnd = 'over' | 'detached'

/** What a session needs to know about its exec. */
export type SessionOptions = {
  readonly stdin: boolean
  /** Whether the client receives what is written to a stream. */
  readonly wantsStream: (stream: OutputStream) => boolean
  readonly tty: boolean
  /** The keys that detach, which the daemon detects. */
  readonly detachKeys: Uint8Array
}

/**
 * Copies until the process has exited and its output is sent. If the client
 * disconnects, the process goes on and its output is discarded.
 *
 * @returns how the session ended and the exit code, once the process exits or
 * the client sends the detach keys
 */
export async function runSession(
  running: PracticeProcess,
  socket: Socket,
  output: Output,
  options: SessionOptions,
  faults: ActiveFaults,
): Promise<{ readonly end: SessionEnd; readonly exitCode: number }> {
  let isConnected = true
  let lastOutput = 0
  running.read((stream, chunk) => {
    lastOutput = Date.now()
    return isConnected && options.wantsStream(stream) ? output.write(stream, chunk) : true
  })
  output.onDrain(running.resume)
  const detached = copyInput(running, socket, options, faults, () => {
    isConnected = false
    running.resume()
  })

  const end = await Promise.race([running.exited.then(() => 'over' as const), detached])
  if (end === 'detached') {
    isConnected = false
    return { end, exitCode: 126 }
  }
  // After the exit there may still be output in the pipe, and the client may
  // be slow to read it.
  const exitedAt = Date.now()
  let hasEnded = false
  void running.outputEnded.then(() => {
    hasEnded = true
  })
  const isStalled = (): boolean => isConnected && socket.writableNeedDrain
  const isSilent = (): boolean =>
    !isStalled() && Date.now() - Math.max(exitedAt, lastOutput) > lateOutputTimeout
  while (!hasEnded && !isSilent()) {
    await Promise.race([running.outputEnded, wait(100, undefined, { ref: false })])
  }
  isConnected = false
  return { end, exitCode: await running.exited }
}

/** Copies input from the client. Resolves only if the client detaches. */
function copyInput(
  running: PracticeProcess,
  socket: Socket,
  { stdin, tty, detachKeys }: SessionOptions,
  faults: ActiveFaults,
  onDisconnect: () => void,
): Promise<'detached'> {
  return new Promise((resolve) => {
    const detachSearch = tty ? createDetachSearch(detachKeys) : undefined
    running.onDrain(() => socket.resume())
    socket.on('data', (chunk: Buffer) => {
      if (!stdin) return
      const { pass, detached } = detachSearch?.(chunk) ?? { pass: [chunk], detached: false }
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
        // A terminal cannot be half-closed. Docker ends the session here,
        // even if more output would follow, and the process keeps running.
        onDisconnect()
        socket.end()
      } else running.endInput()
    }
    const onClose = (): void => {
      if (stdin && !tty) running.endInput()
      onDisconnect()
    }
    // A client without input half-closes at once, and a killed client
    // disconnects. Both can happen before the process exists.
    if (socket.readableEnded) onEnd()
    else socket.on('end', onEnd)
    if (socket.closed) onClose()
    else socket.on('close', onClose)
    socket.resume()
  })
}
