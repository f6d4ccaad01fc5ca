/**
 * Turns the bytes of one connection into events. The requests and answers on
 * screen are what the socket really sent and received.
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
 * Starts the log of one socket. Connection 1 carries ordinary requests, and
 * connection 2 the one that is hijacked.
 */
export function logConnection(connection: 1 | 2, log: EventLog): SocketLog {
  // The method of the pending request.
  let method = ''
  let isHijacked = false
  // A success on connection 2 without a 101: its body is the session, so we
  // don't wait for its end.
  let isSession = false

  const requests = readMessages(
    (head) => bodyLengthOf(head, 0),
    (head, reader, at) => {
      const [name = '', path = ''] = head.firstLine.split(' ')
      method = name
      log.note({ kind: 'request', method, path, ...message(head, reader) }, at)
    },
    () => false,
  )
  const answers = readMessages(
    (head) => {
      const status = statusOf(head)
      if (isBodyless(status, method) || (connection === 2 && status < 300)) return 0
      return bodyLengthOf(head, 'until the end')
    },
    (head, reader, at) => {
      const [, , ...reason] = head.firstLine.split(' ')
      const status = statusOf(head)
      log.note({ kind: 'answer', status, reason: reason.join(' '), ...message(head, reader) }, at)
      isHijacked = status === 101
      isSession = connection === 2 && status >= 200 && status < 300
    },
    () => isHijacked || isSession,
  )

  function message(
    { headers }: Head,
    reader: BodyReader,
  ): Pick<EventOf<'request'>, 'connection' | 'headers' | 'body' | 'chunks'> {
    const chunks = reader.chunks?.()
    return { connection, headers, body: reader.body().toString(), ...(chunks && { chunks }) }
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
      // These bytes came in the same packet as the 101. They belong to the
      // session.
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

/**
 * `101`, from `HTTP/1.1 101 UPGRADED`.
 *
 * @throws an Error if the line is not the first of an answer
 */
function statusOf({ firstLine }: Head): number {
  const [, status] = /^HTTP\/\d\.\d (\d{3})( |$)/.exec(firstLine) ?? []
  if (status === undefined) throw new Error(`not a status line: ${firstLine}`)
  return Number(status)
}

/** Whether an answer has no body, whatever its headers say. */
function isBodyless(status: number, method: string): boolean {
  return method === 'HEAD' || status < 200 || status === 204 || status === 304
}

/**
 * Splits the bytes of a connection into messages. What is not HTTP ends the
 * log: undici refuses these bytes, and its error says why.
 *
 * @param lengthOf - returns the length of the body after a head
 * @param found - called with each complete message and the time of its first
 * byte
 * @param isLast - whether the message just found is the last one, so that the
 * bytes after it are the session's
 * @returns `feed`, which takes bytes and returns those that don't form a
 * message yet, and `end` for the end of the connection, which also ends a
 * body without a length
 */
function readMessages(
  lengthOf: (head: Head) => BodyLength,
  found: (head: Head, body: BodyReader, at: number) => void,
  isLast: () => boolean,
): { readonly feed: (chunk: Uint8Array) => Buffer; readonly end: () => void } {
  const none = Buffer.alloc(0)
  let kept: Buffer = none
  let at = 0
  let isHttp = true
  let reading:
    | { readonly head: Head; readonly length: BodyLength; readonly body: BodyReader }
    | undefined

  function finish(): void {
    if (!reading) return
    const { head, body } = reading
    reading = undefined
    found(head, body, at)
  }

  /** Takes one message. Returns whether it was complete. */
  function takeMessage(): boolean {
    if (!reading) {
      const split = splitHead(kept)
      if (!split) return false
      const length = lengthOf(split.head)
      reading = { head: split.head, length, body: createBodyReader(length) }
      kept = split.rest
    }
    const rest = reading.body.feed(kept)
    kept = rest ?? none
    if (rest) finish()
    return rest !== undefined
  }

  return {
    feed(chunk) {
      if (!isHttp) return none
      if (kept.length === 0 && !reading) at = performance.now()
      // Copy the chunk, because its memory is reused for the next read.
      kept = Buffer.concat([kept, chunk])
      try {
        while (takeMessage() && !isLast()) {
          // One read may bring several messages.
        }
      } catch {
        isHttp = false
        kept = none
        reading = undefined
      }
      return kept
    },
    end() {
      // A body that stops before its announced length is not a message.
      if (reading?.length === 'until the end') finish()
    },
  }
}
