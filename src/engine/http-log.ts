/**
 * Turns the bytes of one connection into events. The requests and answers on the screen are what
 * the socket sent and received, not what we believe we asked for.
 *
 * @module
 */

import {
  type BodyLength,
  type BodyReader,
  bodyLengthOf,
  createBodyReader,
  type Head,
  splitHead,
} from '../stream/http.ts'
import type { EventOf } from '../tape/event.ts'
import type { EventLog } from '../tape/recorder.ts'
import type { SocketLog } from './socket.ts'

/**
 * Starts the log of one socket: on connection 1 for ordinary requests, or on connection 2 for the one
 * that is hijacked.
 */
export function logConnection(connection: 1 | 2, log: EventLog): SocketLog {
  // Of the request that is being answered.
  let method = ''
  let isHijacked = false
  // A success on connection 2 without a 101: its body is the session, and not waited for.
  let isSession = false

  const requests = readMessages(
    (head) => bodyLengthOf(head, 0),
    (head, body, at) => {
      const [name = '', path = ''] = head.firstLine.split(' ')
      method = name
      log.note({ kind: 'request', method, path, ...message(head, body) }, at)
    },
  )
  const answers = readMessages(
    (head) => {
      const status = statusOf(head)
      if (isBodyless(status, method) || (connection === 2 && status < 300)) return 0
      return bodyLengthOf(head, 'until the end')
    },
    (head, body, at) => {
      const [, , ...reason] = head.firstLine.split(' ')
      const status = statusOf(head)
      log.note({ kind: 'answer', status, reason: reason.join(' '), ...message(head, body) }, at)
      isHijacked = status === 101
      isSession = connection === 2 && status < 300 && !isHijacked
    },
  )

  function message(
    head: Head,
    body: Buffer,
  ): Pick<EventOf<'request'>, 'connection' | 'headers' | 'body'> {
    return { connection, headers: head.headers, body: body.toString() }
  }

  const afterHijack = (kind: 'half-close' | 'cut'): void => {
    if (isHijacked) log.note({ kind })
  }

  return {
    sent: (chunk) => (isHijacked ? log.bytes('sent', chunk) : void requests.feed(chunk)),
    received(chunk) {
      if (isHijacked) return log.bytes('received', chunk)
      if (isSession) return
      const rest = answers.feed(chunk)
      // These came in the packet of the 101: the parser reads them, and they are not HTTP.
      if (isHijacked && rest.length > 0) log.bytes('received', rest)
    },
    halfClosed: () => afterHijack('half-close'),
    ended() {
      if (isHijacked) log.note({ kind: 'end' })
      else answers.end()
    },
    cut: () => afterHijack('cut'),
    keepAlive(milliseconds) {
      log.note({ kind: 'keep-alive', milliseconds })
    },
  }
}

/** `101`, from `HTTP/1.1 101 UPGRADED`. */
function statusOf({ firstLine }: Head): number {
  return Number(firstLine.split(' ')[1])
}

/** Answers that have no body, whatever their headers say. */
function isBodyless(status: number, method: string): boolean {
  return method === 'HEAD' || status < 200 || status === 204 || status === 304
}

/**
 * Reads one message after the other from the bytes of a connection.
 *
 * @param lengthOf - how long the body after a head is
 * @param found - called with each whole message, and the time of its first byte
 * @returns `feed`, which takes more bytes and returns those that belong to no message yet, and `end`
 * for the end of the connection, which is also the end of a body without a length
 */
function readMessages(
  lengthOf: (head: Head) => BodyLength,
  found: (head: Head, body: Buffer, at: number) => void,
): { readonly feed: (chunk: Uint8Array) => Buffer; readonly end: () => void } {
  let kept: Buffer = Buffer.alloc(0)
  let at = 0
  let reading:
    | { readonly head: Head; readonly length: BodyLength; readonly body: BodyReader }
    | undefined

  function finish(): void {
    if (!reading) return
    const { head, body } = reading
    reading = undefined
    found(head, body.body(), at)
  }

  function feed(chunk: Uint8Array): Buffer {
    if (kept.length === 0 && !reading) at = performance.now()
    // A copy: the memory of the chunk is used again for the next read.
    kept = Buffer.concat([kept, chunk])
    if (!reading) {
      const split = splitHead(kept)
      if (!split) return kept
      const length = lengthOf(split.head)
      reading = { head: split.head, length, body: createBodyReader(length) }
      kept = split.rest
    }
    const rest = reading.body.feed(kept)
    kept = rest ?? Buffer.alloc(0)
    if (rest) finish()
    return kept
  }

  return {
    feed,
    end() {
      // A body that announced its length and breaks off is no message.
      if (reading?.length === 'until the end') finish()
    },
  }
}
