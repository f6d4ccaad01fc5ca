import { describe, expect, test } from 'vitest'
import { createDemultiplexer, encodeFrame, type OutputStream } from '../../src/stream/frames.ts'

/**
 * Feeds chunks and puts together what came out, stream by stream and in the
 * order of the runs.
 */
function demultiplex(chunks: readonly Uint8Array[]): [OutputStream, string][] {
  const runs: [OutputStream, string][] = []
  const feed = createDemultiplexer((target, payload) => {
    const last = runs.at(-1)
    const text = Buffer.from(payload).toString('latin1')
    if (last?.[0] === target) last[1] += text
    else runs.push([target, text])
  })
  for (const chunk of chunks) feed(chunk)
  return runs
}

const conversation = Buffer.concat([
  encodeFrame('stdout', Buffer.from('hello\n')),
  encodeFrame('stderr', Buffer.from('oops')),
  encodeFrame('stdout', Buffer.from('')),
  encodeFrame('stdout', Buffer.from('bye\n')),
])
const expected: [OutputStream, string][] = [
  ['stdout', 'hello\n'],
  ['stderr', 'oops'],
  ['stdout', 'bye\n'],
]

describe('the demultiplexer (StdCopy)', () => {
  test('reads the frames of the module comment', () => {
    const bytes = Buffer.from('010000000000000668656c6c6f0a02000000000000046f6f7073', 'hex')
    expect(demultiplex([bytes])).toEqual([
      ['stdout', 'hello\n'],
      ['stderr', 'oops'],
    ])
  })

  test('reads frames split in two at any byte', () => {
    for (let cut = 0; cut <= conversation.length; cut += 1) {
      const chunks = [conversation.subarray(0, cut), conversation.subarray(cut)]
      expect(demultiplex(chunks), `split after byte ${cut}`).toEqual(expected)
    }
  })

  test('reads frames that arrive byte by byte', () => {
    expect(demultiplex([...conversation].map((byte) => Uint8Array.of(byte)))).toEqual(expected)
  })

  test('reads three hundred one-byte frames in one chunk', () => {
    const chunk = Buffer.concat(
      Array.from({ length: 300 }, (_, at) => encodeFrame('stdout', Uint8Array.of(97 + (at % 26)))),
    )
    expect(demultiplex([chunk])[0]?.[1]).toHaveLength(300)
  })

  test('passes on views of the chunk without copying', () => {
    const views: Uint8Array[] = []
    const feed = createDemultiplexer((_, payload) => views.push(payload))
    const chunk = new Uint8Array(encodeFrame('stdout', Buffer.from('hello')))
    feed(chunk.subarray(0, 10))
    feed(chunk.subarray(10))
    expect(views.map((view) => view.buffer === chunk.buffer)).toEqual([true, true])
    expect(views.map((view) => view.byteOffset)).toEqual([8, 10])
  })

  test('sends stream 0 to stdout, as Go does', () => {
    expect(demultiplex([encodeFrame('stdin', Buffer.from('x'))])).toEqual([['stdout', 'x']])
  })

  test('reads a length above two gibibytes as unsigned', () => {
    const header = Buffer.from('01000000ffffffff', 'hex')
    expect(demultiplex([header, Buffer.from('abc')])).toEqual([['stdout', 'abc']])
  })

  test('throws the daemon’s message from stream 3, even if it is split', () => {
    const frame = encodeFrame('systemError', Buffer.from('disk full'))
    const memory = Buffer.from(frame)
    const feed = createDemultiplexer(() => {})
    feed(memory.subarray(0, 12))
    // The next read reuses the chunk's memory.
    const rest = Buffer.from(frame.subarray(12))
    memory.fill(0)
    expect(() => feed(rest)).toThrow('error from daemon in stream: disk full')
  })

  test('rejects bytes that are not frames', () => {
    expect(() => demultiplex([Buffer.from('a plain text, no frames')])).toThrow(
      'Unrecognized input header: 97',
    )
  })

  test('treats a truncated frame as a clean end', () => {
    expect(demultiplex([conversation.subarray(0, 11)])).toEqual([['stdout', 'hel']])
  })
})
