/**
 * Sends output from a process to the client: raw with a terminal, in frames
 * without one, and with the active faults.
 *
 * @module
 */

import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { headerLength } from '../stream/frames.ts'
import type { ActiveFaults } from './faults.ts'
import type { OutputStream } from './running-process.ts'

/** The largest payload of a frame, as in Docker's daemon. */
const largestPayload = 32 * 1024

/** The output side of a session. */
export type Output = {
  /** Sends output. If it returns false, wait for the `onDrain` callback. */
  readonly write: (stream: OutputStream, chunk: Uint8Array) => boolean
  /** Registers a callback that runs whenever there is room again. */
  readonly onDrain: (call: () => void) => void
  /** Sends what is still queued and ends the stream. */
  readonly end: () => Promise<void>
}

/**
 * Takes over a connection.
 *
 * @param head - the head of the response, which is sent first
 * @param framed - true for frames, false for raw bytes
 */
export function openOutput(
  socket: Socket,
  head: string,
  framed: boolean,
  faults: ActiveFaults,
): Output {
  // For this fault the head waits for the first output, and both leave in one
  // packet.
  let pendingHead = faults.has('early-output') ? Buffer.from(head) : undefined
  if (!pendingHead) socket.write(head)

  let isFirst = true
  const drainCalls: (() => void)[] = []
  // Slow pieces are queued here and sent one after another.
  let pieces = Promise.resolve()
  const isSlow = faults.has('slow-writer') || faults.has('split-header')

  function send(header: Buffer, payload: Uint8Array): boolean {
    if (isSlow) {
      pieces = pieces.then(() => sendSlowly(socket, header, payload, faults))
      void pieces.then(() => {
        for (const call of drainCalls) call()
      })
      return false
    }
    if (pendingHead) socket.write(Buffer.concat([pendingHead, header, payload]))
    else if (header.length === 0) return socket.write(payload)
    else {
      // Send header and payload in one system call.
      socket.cork()
      socket.write(header)
      const hasRoom = socket.write(payload)
      process.nextTick(() => socket.uncork())
      return hasRoom
    }
    pendingHead = undefined
    return true
  }

  return {
    write(stream, chunk) {
      let hasRoom = true
      if (socket.destroyed || socket.writableEnded) return true
      for (let at = 0; at < chunk.length; at += largestPayload) {
        const payload = chunk.subarray(at, at + largestPayload)
        const header = framed ? frameHeader(stream, payload.length) : Buffer.alloc(0)
        if (isFirst && framed && faults.has('unknown-stream')) header[0] = 7
        const isShort = isFirst && framed && faults.has('short-frame')
        if (isShort) header.writeUInt32BE(payload.length + 100, 4)
        hasRoom = send(header, payload)
        if (isShort) socket.end()
        // Unread input from the client makes this a reset and not an end.
        if (isFirst && faults.has('reset')) setTimeout(() => socket.pause().destroy(), 20)
        isFirst = false
      }
      return hasRoom
    },
    onDrain(call) {
      drainCalls.push(call)
      socket.on('drain', call)
      socket.on('close', call)
    },
    async end() {
      await pieces
      socket.end(pendingHead ?? '')
    },
  }
}

/**
 * Builds a header: the stream number, three zero bytes, and the length in
 * big-endian order.
 */
function frameHeader(stream: OutputStream, length: number): Buffer {
  const header = Buffer.alloc(headerLength)
  header[0] = stream
  header.writeUInt32BE(length, 4)
  return header
}

async function sendSlowly(
  socket: Socket,
  header: Buffer,
  payload: Uint8Array,
  faults: ActiveFaults,
): Promise<void> {
  const frame = Buffer.concat([header, payload])
  const cut = header.length > 0 ? faults.get('split-header') : undefined
  const parts = cut ? [frame.subarray(0, cut), frame.subarray(cut)] : [frame]
  for (const part of parts) {
    const step = faults.has('slow-writer') ? 7 : part.length
    for (let at = 0; at < part.length; at += step) {
      if (socket.destroyed) return
      socket.write(part.subarray(at, at + step))
      // Long enough that the client reads this piece separately.
      await wait(5)
    }
  }
}
