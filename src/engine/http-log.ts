/**
 * Turns the bytes of one connection into the events of a tape. The requests and answers on the
 * screen are what the socket sent and got, not what we believe we asked for.
 *
 * @module
 */

import type { Message, Recorder } from '../tape/tape.ts'
import type { ByteLog } from './connection.ts'

/** The log of one connection. */
export type ConnectionLog = ByteLog & {
  /** Call when an answer is complete: what came and went until now is one exchange. */
  readonly exchange: (answerBody: Uint8Array) => void
  /** Call when no answer will come: what went is a request all the same. */
  readonly unanswered: () => void
  /** Call when the daemon has answered 101: what comes and goes from now on is not HTTP. */
  readonly hijacked: () => void
}

/** Starts the log of a connection. */
export function logConnection(connection: 1 | 2, record: Recorder): ConnectionLog {
  let sent: Uint8Array[] = []
  let received: Uint8Array[] = []
  // When the first byte of each went and came: an exchange is told when it is over, and another
  // connection may have been busy meanwhile.
  let [sentAt, receivedAt] = [0, 0]
  let raw = false

  function bytes(kind: 'sent' | 'received', chunk: Uint8Array): void {
    record({ kind, at: performance.now(), connection: 2, bytes: chunk, length: chunk.length })
  }

  function request(): void {
    const { head, rest } = splitHead(Buffer.concat(sent))
    sent = []
    const [method = '', path = ''] = firstLine(head).split(' ')
    record({ kind: 'request', at: sentAt, method, path, ...message(connection, head, rest) })
  }

  return {
    sent(chunk) {
      if (raw) return bytes('sent', chunk)
      if (sent.length === 0) sentAt = performance.now()
      sent.push(Uint8Array.from(chunk))
    },
    received(chunk) {
      if (raw) return bytes('received', chunk)
      if (received.length === 0) receivedAt = performance.now()
      received.push(Uint8Array.from(chunk))
    },
    ended: (side) =>
      record({
        kind: side === 'ours' ? 'we half-closed' : 'the daemon ended',
        at: performance.now(),
        connection: 2,
      }),
    exchange(answerBody) {
      request()
      const { head } = splitHead(Buffer.concat(received))
      received = []
      const [, status = '', ...reason] = firstLine(head).split(' ')
      record({
        kind: 'answer',
        at: receivedAt,
        status: Number(status),
        reason: reason.join(' '),
        ...message(connection, head, answerBody),
      })
    },
    unanswered() {
      if (sent.length > 0) request()
    },
    hijacked() {
      const early = splitHead(Buffer.concat(received)).rest
      this.exchange(new Uint8Array())
      raw = true
      if (early.length > 0) bytes('received', early)
    },
  }
}

/** HTTP's head ends at the first empty line. */
function splitHead(bytes: Buffer): { head: string; rest: Uint8Array } {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) return { head: bytes.toString('latin1'), rest: new Uint8Array() }
  return { head: bytes.toString('latin1', 0, end), rest: bytes.subarray(end + 4) }
}

function firstLine(head: string): string {
  return head.split('\r\n', 1)[0] ?? ''
}

function message(connection: 1 | 2, head: string, body: Uint8Array): Omit<Message, 'at'> {
  const headers = head
    .split('\r\n')
    .slice(1)
    .map((field): [string, string] => {
      const colon = field.indexOf(':')
      return [field.slice(0, colon), field.slice(colon + 1).trim()]
    })
  return { connection, headers, body: Buffer.from(body).toString() }
}
