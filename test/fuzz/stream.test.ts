/**
 * Any bytes on a connection, cut anywhere: frames, heads and bodies, and the
 * log that turns them into events.
 *
 * @module
 */

import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { logConnection } from '../../src/engine/http-log.ts'
import { Failure } from '../../src/process/failure.ts'
import { createDemultiplexer } from '../../src/stream/frames.ts'
import {
  type BodyLength,
  bodyLengthOf,
  createBodyReader,
  splitHead,
} from '../../src/stream/http.ts'
import { createFrameCutter } from '../../src/tape/pieces.ts'
import {
  type CutBytes,
  cutAnywhere,
  feedReused,
  fuzz,
  nastyText,
  piecesOf,
} from '../support/fuzz.ts'

type Frame = { readonly stream: number; readonly length: number; readonly payload: Uint8Array }

const payload = fc.oneof(
  fc.constant(new Uint8Array()),
  fc.uint8Array({ maxLength: 40 }),
  nastyText.map((text) => new Uint8Array(Buffer.from(text))),
)

/** Mostly proper frames. Some announce up to 4 GiB, or an unknown stream. */
const frame: fc.Arbitrary<Frame> = fc
  .record({
    stream: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(0, 1, 2) },
      { weight: 1, arbitrary: fc.integer({ min: 3, max: 255 }) },
    ),
    payload,
    more: fc.oneof(
      { weight: 9, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.constantFrom(1, 2 ** 31 - 50, 2 ** 31, 2 ** 32) },
    ),
  })
  .map(({ stream, payload, more }) => ({
    stream,
    payload,
    length: Math.min(payload.length + more, 2 ** 32 - 1),
  }))

function bytesOf({ stream, length, payload }: Frame): Uint8Array {
  const header = Buffer.alloc(8)
  header[0] = stream
  header.writeUInt32BE(length, 4)
  return Buffer.concat([header, payload])
}

/** Frames, sometimes truncated, or no frames at all. */
const framed: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.array(frame, { maxLength: 12 }).map((frames) => Buffer.concat(frames.map(bytesOf))),
  fc
    .tuple(fc.array(frame, { minLength: 1, maxLength: 6 }), fc.nat(30))
    .map(([frames, lost]) => Buffer.concat(frames.map(bytesOf)).subarray(0, -lost)),
  fc.uint8Array({ maxLength: 60 }),
)

type Result = { readonly stdout: string; readonly stderr: string; readonly error: string }

/** Reads the whole at once: the reference. */
function readFrames(bytes: Uint8Array): Result {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const out = { stdout: '', stderr: '' }
  for (let at = 0; at + 8 <= bytes.length; ) {
    const [stream, length] = [view.getUint8(at), view.getUint32(at + 4)]
    if (stream > 3) return { ...out, error: `Unrecognized input header: ${stream}` }
    const end = at + 8 + length
    const text = Buffer.from(bytes.subarray(at + 8, end))
    if (stream < 3) out[stream === 2 ? 'stderr' : 'stdout'] += text.toString('latin1')
    else if (end <= bytes.length) return { ...out, error: `error from daemon in stream: ${text}` }
    at = end
  }
  return { ...out, error: '' }
}

describe('frames, cut anywhere', () => {
  fuzz('are demultiplexed like the whole', cutAnywhere(framed), (cut) => {
    const out = { stdout: '', stderr: '' }
    let error = ''
    const feed = createDemultiplexer((target, bytes) => {
      out[target] += Buffer.from(bytes).toString('latin1')
    })
    try {
      feedReused(piecesOf(cut), feed)
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(Failure)
      error = (thrown as Failure).message
    }
    expect({ ...out, error }).toEqual(readFrames(cut.bytes))
  })

  fuzz('are shown on a tape without a byte lost or added', cutAnywhere(framed), (cut) => {
    const cutter = createFrameCutter()
    const shown = piecesOf(cut).flatMap((piece) => cutter(piece).map(({ bytes }) => bytes))
    expect(Buffer.concat(shown)).toEqual(Buffer.from(cut.bytes))
  })
})

const number = fc.oneof(
  fc.nat(30).map(String),
  fc.constantFrom('-5', 'abc', '1e3', '0x10', '', ' ', '12,12', '1.5', 'Infinity', '9'.repeat(400)),
)
const header = fc.oneof(
  number.map((text) => `Content-Length: ${text}`),
  fc.constantFrom(
    ...['Transfer-Encoding: chunked', 'transfer-encoding: gzip, Chunked', 'Connection: close'],
    ...['Upgrade: tcp', 'no colon', ': no name', 'X: folded\r\n into two', 'X:', '__proto__: x'],
  ),
  nastyText.map((text) => `X: ${text}`),
)
const firstLine = fc.oneof(
  fc.constantFrom(
    ...['HTTP/1.1 200 OK', 'HTTP/1.1 101 UPGRADED', 'HTTP/1.1 204', 'HTTP/1.1 304 Not Modified'],
    ...['HTTP/1.1 100 Continue', 'HTTP/1.1', 'HTTP/1.1 abc', 'HTTP/1.1 99999 x', '', '200 OK'],
  ),
  nastyText,
)
const chunk = fc.oneof(
  payload.map((bytes) =>
    Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]),
  ),
  fc.constantFrom('0\r\n\r\n', '0\r\nA: b\r\n\r\n', 'zz\r\n', '-1\r\n', '\r\n').map(Buffer.from),
  fc.constantFrom('ffffffffffffffffff\r\nx', '3;x=y\r\nabc\r\n', '3\r\nabcX').map(Buffer.from),
)
const body = fc.oneof(
  payload.map((bytes) => Buffer.from(bytes)),
  fc.array(chunk, { maxLength: 5 }).map((chunks) => Buffer.concat(chunks)),
)
const message = fc
  .tuple(firstLine, fc.array(header, { maxLength: 4 }), body)
  .map(([first, headers, rest]) =>
    Buffer.concat([Buffer.from(`${[first, ...headers].join('\r\n')}\r\n\r\n`), rest]),
  )
const messages: fc.Arbitrary<Uint8Array> = fc
  .array(message, { maxLength: 3 })
  .map((all) => Buffer.concat(all))

/** What was found once: a length below zero, two messages in one read. */
const found = [
  'HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nHTTP/1.1 200 OK\r\n\r\n',
  '\r\n\r\n0\r\n\r\n',
  'HTTP/1.1 204\r\n\r\nHTTP/1.1 204\r\n\r\n',
  'HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
].map((text) => ({
  bytes: new Uint8Array(Buffer.from(text)),
  cuts: Array.from(text, (_, at) => at),
}))

type Read = { readonly head: unknown; readonly body: string; readonly rest: string | undefined }

/** Reads one message from pieces. An error in a chunk is its result. */
function readMessage(pieces: readonly Uint8Array[]): Read | 'no head' | { readonly error: string } {
  let kept = Buffer.alloc(0)
  let head: unknown
  let reader: ReturnType<typeof createBodyReader> | undefined
  let rest: Buffer | undefined
  for (const piece of [new Uint8Array(), ...pieces]) {
    const bytes = Buffer.from(piece)
    if (rest) {
      rest = Buffer.concat([rest, bytes])
      continue
    }
    let next: Buffer = bytes
    if (!reader) {
      kept = Buffer.concat([kept, bytes])
      const split = splitHead(kept)
      if (!split) continue
      head = split.head
      reader = createBodyReader(bodyLengthOf(split.head, 'until the end'))
      next = split.rest
    }
    try {
      rest = reader.feed(next)
    } catch (error) {
      return { error: (error as Error).message }
    }
  }
  if (!reader) return 'no head'
  return { head, body: reader.body().toString('latin1'), rest: rest?.toString('latin1') }
}

describe('HTTP, cut anywhere', () => {
  const likeTheWhole = (cut: CutBytes): void =>
    expect(readMessage(piecesOf(cut))).toEqual(readMessage([cut.bytes]))
  fuzz('reads a head and a body like the whole', cutAnywhere(messages), likeTheWhole, { found })

  fuzz('never has a length that is not a whole number', messages, (bytes) => {
    const split = splitHead(Buffer.from(bytes))
    if (!split) return
    const length: BodyLength = bodyLengthOf(split.head, 0)
    if (typeof length === 'number') expect(Number.isSafeInteger(length) && length >= 0).toBe(true)
  })

  type Talk = readonly [connection: 1 | 2, sent: string, received: CutBytes]
  const request = fc.constantFrom(
    'HEAD /_ping HTTP/1.1\r\n\r\n',
    'GET /v1.41/exec/e1/json HTTP/1.1\r\n\r\n',
    'POST /v1.41/exec/e1/start HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}',
  )
  fuzz(
    'is logged without an exception, in the same events for every cut',
    fc.tuple(fc.constantFrom<1 | 2>(1, 2), request, cutAnywhere(messages)) as fc.Arbitrary<Talk>,
    ([connection, sent, received]) => {
      const eventsOf = (pieces: readonly Uint8Array[]): unknown[] => {
        const events: unknown[] = []
        let session = ''
        const log = logConnection(connection, {
          note: (event: object) => void events.push(event),
          bytes: (_: string, bytes: Uint8Array) => {
            session += Buffer.from(bytes).toString('latin1')
          },
        } as Parameters<typeof logConnection>[1])
        log.sent(Buffer.from(sent))
        feedReused(pieces, log.received)
        log.ended()
        return [...events, session]
      }
      expect(eventsOf(piecesOf(received))).toEqual(eventsOf([received.bytes]))
    },
    { found: found.map((cut) => [1, 'HEAD /_ping HTTP/1.1\r\n\r\n', cut] as const) },
  )
})
