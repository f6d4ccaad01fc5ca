/**
 * What a recorder records.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import { encodeFrame } from '../../src/stream/frames.ts'
import type { EventKind, EventOf } from '../../src/tape/event.ts'
import { withoutInput } from '../../src/tape/keep.ts'
import { createRecorder, keptPerDirection, type Recorder } from '../../src/tape/recorder.ts'
import type { Terminal } from '../../src/terminal/terminal.ts'

const facts = {
  chapter: 1,
  stages: ['create'],
  daemon: { product: 'Docker', version: '28.5.2', apiVersion: '1.50' },
}

/** A recorder of a run whose exec has just been started. */
function upgraded(tty: boolean): Recorder {
  const recorder = createRecorder()
  recorder.begin()
  const common = { connection: 2, headers: [] } as const
  const body = `${JSON.stringify({ Detach: false, Tty: tty })}\n`
  recorder.note({ kind: 'request', method: 'POST', path: '/exec/e1/start', ...common, body })
  recorder.note({ kind: 'answer', status: 101, reason: 'UPGRADED', ...common, body: '' })
  return recorder
}

function eventsOf<Kind extends EventKind>(recorder: Recorder, kind: Kind): EventOf<Kind>[] {
  return recorder.events().filter((event): event is EventOf<Kind> => event.kind === kind)
}

/** A terminal with only an input. */
const terminal = {
  openInput: () => ({ read: async () => undefined, resume: () => {}, close: () => {} }),
} as unknown as Terminal

describe('the framing', () => {
  test.each([
    [true, 'raw'],
    [false, 'stdcopy'],
  ] as const)('with Tty %s in the start is %s', (tty, framing) => {
    expect(eventsOf(upgraded(tty), 'upgrade')).toMatchObject([{ framing }])
  })
})

describe('frame headers', () => {
  const wire = Buffer.concat([
    encodeFrame('stderr', Buffer.from('err\n')),
    encodeFrame('stdout', Buffer.from('a longer line\n')),
    encodeFrame('stdout', new Uint8Array()),
  ])
  const headers = [
    { stream: 2, length: 4 },
    { stream: 1, length: 14 },
    { stream: 1, length: 0 },
  ]

  test.each([1, 3, 7, 8, 9, 100])('are found in reads of %i bytes', (size) => {
    const recorder = upgraded(false)
    for (let at = 0; at < wire.length; at += size) {
      recorder.bytes('received', wire.subarray(at, at + size))
    }
    expect(eventsOf(recorder, 'frame')).toMatchObject(headers)
  })

  test('follow the bytes that contain them', () => {
    const recorder = upgraded(false)
    recorder.bytes('received', wire.subarray(0, 10))
    recorder.bytes('received', wire.subarray(10, 20))
    const kinds = recorder.events().map(({ kind }) => kind)
    expect(kinds.slice(-4)).toEqual(['received', 'frame', 'received', 'frame'])
  })

  test('are not searched for in the output of a terminal', () => {
    const recorder = upgraded(true)
    recorder.bytes('received', wire)
    expect(eventsOf(recorder, 'frame')).toEqual([])
  })

  test('end the search if invalid, but do not end the recording', () => {
    const recorder = upgraded(false)
    recorder.bytes('received', Buffer.from('HTTP/1.1 502 Bad Gateway'))
    recorder.bytes('received', wire)
    expect(eventsOf(recorder, 'frame')).toMatchObject([{ stream: 0x48 }])
    expect(eventsOf(recorder, 'received')).toHaveLength(2)
  })
})

describe('a large session', () => {
  test('has its first bytes recorded and the rest counted, in a bounded number of events', () => {
    const recorder = upgraded(true)
    const chunk = Buffer.alloc(10_000, 'x')
    for (let times = 0; times < 1000; times += 1) {
      recorder.bytes('received', chunk)
      recorder.bytes('sent', chunk)
    }
    for (const kind of ['sent', 'received'] as const) {
      const events = eventsOf(recorder, kind)
      const total = events.reduce((sum, { length }) => sum + length, 0)
      const kept = events.reduce((sum, { hex = '' }) => sum + hex.length / 2, 0)
      expect([total, kept]).toEqual([10_000_000, keptPerDirection])
      expect(events.length).toBeLessThan(20)
    }
  })

  test('has frame headers only for recorded bytes, even with tiny frames', () => {
    const recorder = upgraded(false)
    const chunk = Buffer.concat(
      Array.from({ length: 1000 }, () => encodeFrame('stdout', Buffer.from('x'))),
    )
    for (let times = 0; times < 100; times += 1) recorder.bytes('received', chunk)
    // A frame with one byte of payload has nine bytes. Its header ends one
    // byte earlier.
    const complete = Math.floor((keptPerDirection + 1) / 9)
    expect(eventsOf(recorder, 'frame')).toHaveLength(complete)
  })
})

describe('typed input', () => {
  test('is what we send while standard input is open', () => {
    const recorder = upgraded(true)
    recorder.watchInput(terminal).openInput()
    recorder.bytes('sent', Buffer.from('ls\r'))
    expect(eventsOf(recorder, 'sent')).toMatchObject([{ typed: true, hex: '6c730d' }])
  })

  test('may be sent after standard input closed, if the daemon is slow', () => {
    const recorder = upgraded(true)
    const input = recorder.watchInput(terminal).openInput()
    recorder.bytes('sent', Buffer.from('a'))
    input.close()
    recorder.bytes('sent', Buffer.from('\x03'))
    expect(eventsOf(recorder, 'sent')).toMatchObject([{ typed: true }, { typed: true }])
  })

  test('does not include the Ctrl-D that ends an abandoned command', () => {
    const recorder = upgraded(true)
    // Chapter 4 shows the bytes of keys but sends none of them.
    recorder.watchInput(terminal).openInput().close()
    recorder.bytes('sent', Uint8Array.of(4))
    recorder.bytes('sent', Uint8Array.of(3, 4))
    expect(eventsOf(recorder, 'sent').map(({ typed, hex }) => [typed, hex])).toEqual([
      [undefined, '04'],
      [undefined, '0304'],
    ])
  })

  test('leaves only its length on a saved tape', () => {
    const recorder = upgraded(true)
    recorder.watchInput(terminal).openInput()
    recorder.bytes('sent', Buffer.from('geheim'))
    const { head, events } = withoutInput(recorder.tape(facts))
    expect(head.typed).toBe(false)
    expect(events.at(-1)).toEqual({
      at: expect.any(Number),
      kind: 'sent',
      length: 6,
      typed: true,
    })
  })
})

test('a slow exchange is placed at its start, on its own connection', () => {
  const recorder = upgraded(true)
  const began = performance.now()
  recorder.bytes('received', Buffer.from('prompt'))
  const common = { connection: 1, headers: [], body: '' } as const
  recorder.note({ kind: 'request', method: 'POST', path: '/resize', ...common }, began)
  recorder.note({ kind: 'answer', status: 200, reason: 'OK', ...common })
  const kinds = recorder.events().map(({ kind }) => kind)
  expect(kinds.slice(-3)).toEqual(['request', 'received', 'answer'])
})

test('nothing is recorded after the end', () => {
  const recorder = upgraded(true)
  recorder.note({ kind: 'over', exitCode: 3 })
  recorder.note({ kind: 'over', exitCode: null, failure: 'too late' })
  recorder.bytes('received', Buffer.from('late'))
  recorder.note({ kind: 'signal', name: 'SIGTERM' })
  expect(recorder.events().at(-1)).toMatchObject({ kind: 'over', exitCode: 3 })
})
