/**
 * The way of the output, from a process to the client: raw under a terminal, in frames without
 * one, and with the faults that are switched on.
 *
 * @module
 */

import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { headerLength } from '../stream/frames.ts'
import type { ActiveFaults } from './faults.ts'
import type { OutputStream } from './running-process.ts'

/** The largest payload of a frame, as a Docker daemon makes them. */
const largestPayload = 32 * 1024

/** Where output goes. */
export type Output = {
  /** Sends output. False asks to wait until `drained` has called. */
  readonly write: (stream: OutputStream, chunk: Uint8Array) => boolean
  /** Has a function called each time that there is room again. */
  readonly drained: (call: () => void) => void
  /** Sends what is still to be sent, and ends the stream. */
  readonly end: () => Promise<void>
}

/**
 * Takes over a connection.
 *
 * @param head - the answer's head, which goes out before everything else
 * @param framed - true for frames, false for raw bytes
 */
export function openOutput(
  socket: Socket,
  head: string,
  framed: boolean,
  faults: ActiveFaults,
): Output {
  // A head that waits for the first output travels with it in one packet.
  let waiting = faults.has('early-output') ? Buffer.from(head) : undefined
  if (!waiting) socket.write(head)

  let isFirst = true
  const drainCalls: (() => void)[] = []
  // What is sent with pauses goes through here, one piece behind the other.
  let pieces = Promise.resolve()
  const pace = faults.has('slow-writer') || faults.has('split-header')

  function send(header: Buffer, payload: Uint8Array): boolean {
    if (pace) {
      pieces = pieces.then(() => sendSlowly(socket, header, payload, faults))
      void pieces.then(() => {
        for (const call of drainCalls) call()
      })
      return false
    }
    if (waiting) socket.write(Buffer.concat([waiting, header, payload]))
    else if (header.length === 0) return socket.write(payload)
    else {
      // Header and payload leave in one system call.
      socket.cork()
      socket.write(header)
      const hasRoom = socket.write(payload)
      process.nextTick(() => socket.uncork())
      return hasRoom
    }
    waiting = undefined
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
        // What the client has sent and we have not read makes this a reset and not an end.
        if (isFirst && faults.has('reset')) setTimeout(() => socket.pause().destroy(), 20)
        isFirst = false
      }
      return hasRoom
    },
    drained(call) {
      drainCalls.push(call)
      socket.on('drain', call)
      socket.on('close', call)
    },
    async end() {
      await pieces
      socket.end(waiting ?? '')
    },
  }
}

/** Which stream, three zero bytes, and the length with the most significant byte first. */
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
      // Long enough for the client to read this piece by itself.
      await wait(5)
    }
  }
}
