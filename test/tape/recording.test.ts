/**
 * What a recording makes of what it sees.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import { encodeFrame } from '../../src/stream/frames.ts'
import { withoutTyped } from '../../src/tape/keep.ts'
import type { TapeEvent } from '../../src/tape/recorded.ts'
import { type Recording, startRecording } from '../../src/tape/recording.ts'
import { keptPerDirection } from '../../src/tape/tape.ts'
import type { Terminal } from '../../src/terminal/terminal.ts'

const daemon = { product: 'Docker', version: '28.5.2', apiVersion: '1.50' }

function record(): Recording {
  return startRecording({ chapter: 1, stages: ['create'], daemon })
}

/** Puts a recording where an exec has just been started. */
function upgraded(tty: boolean): Recording {
  const recording = record()
  const common = { connection: 2, headers: [], at: performance.now() } as const
  const body = `${JSON.stringify({ Detach: false, Tty: tty })}\n`
  recording.wire({ kind: 'request', method: 'POST', path: '/exec/e1/start', ...common, body })
  recording.wire({ kind: 'answer', status: 101, reason: 'UPGRADED', ...common, body: '' })
  return recording
}

function bytes(recording: Recording, kind: 'sent' | 'received', chunk: Uint8Array): void {
  const at = performance.now()
  recording.wire({ kind, at, connection: 2, bytes: chunk, length: chunk.length })
}

function eventsOf<Kind extends TapeEvent['kind']>(recording: Recording, kind: Kind) {
  return recording
    .tape()
    .events.filter((event): event is Extract<TapeEvent, { kind: Kind }> => event.kind === kind)
}

/** A terminal of which only the input is used. */
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

  test.each([1, 3, 7, 8, 9, 100])('are found where reads bring %i bytes at a time', (size) => {
    const recording = upgraded(false)
    for (let at = 0; at < wire.length; at += size) {
      bytes(recording, 'received', wire.subarray(at, at + size))
    }
    expect(eventsOf(recording, 'frame')).toMatchObject(headers)
  })

  test('come behind the bytes that they were read off', () => {
    const recording = upgraded(false)
    bytes(recording, 'received', wire.subarray(0, 10))
    bytes(recording, 'received', wire.subarray(10, 20))
    const kinds = recording.tape().events.map(({ kind }) => kind)
    expect(kinds.slice(-4)).toEqual(['received', 'frame', 'received', 'frame'])
  })

  test('are not looked for in the output of a terminal', () => {
    const recording = upgraded(true)
    bytes(recording, 'received', wire)
    expect(eventsOf(recording, 'frame')).toEqual([])
  })

  test('that make no sense end the search, and nothing else', () => {
    const recording = upgraded(false)
    bytes(recording, 'received', Buffer.from('HTTP/1.1 502 Bad Gateway'))
    bytes(recording, 'received', wire)
    expect(eventsOf(recording, 'frame')).toMatchObject([{ stream: 0x48 }])
    expect(eventsOf(recording, 'received')).toHaveLength(2)
  })
})

describe('a large session', () => {
  test('keeps its first bytes and counts the others, in a bounded number of events', () => {
    const recording = upgraded(true)
    const chunk = Buffer.alloc(10_000, 'x')
    for (let times = 0; times < 1000; times += 1) {
      bytes(recording, 'received', chunk)
      bytes(recording, 'sent', chunk)
    }
    for (const kind of ['sent', 'received'] as const) {
      const events = eventsOf(recording, kind)
      const total = events.reduce((sum, { length }) => sum + length, 0)
      const kept = events.reduce((sum, { hex = '' }) => sum + hex.length / 2, 0)
      expect([total, kept]).toEqual([10_000_000, keptPerDirection])
      expect(events.length).toBeLessThan(20)
    }
  })

  test('has headers only of what is kept, however small its frames are', () => {
    const recording = upgraded(false)
    const chunk = Buffer.concat(
      Array.from({ length: 1000 }, () => encodeFrame('stdout', Buffer.from('x'))),
    )
    for (let times = 0; times < 100; times += 1) bytes(recording, 'received', chunk)
    // A frame of one byte takes nine, and its header is complete one byte before its end.
    const complete = Math.floor((keptPerDirection + 1) / 9)
    expect(eventsOf(recording, 'frame')).toHaveLength(complete)
  })
})

describe('what was typed', () => {
  test('is what is sent while standard input is read', () => {
    const recording = upgraded(true)
    recording.watchInput(terminal).openInput()
    bytes(recording, 'sent', Buffer.from('ls\r'))
    expect(eventsOf(recording, 'sent')).toMatchObject([{ typed: true, hex: '6c730d' }])
  })

  test('may go out after standard input was closed, when the daemon was slow', () => {
    const recording = upgraded(true)
    const input = recording.watchInput(terminal).openInput()
    bytes(recording, 'sent', Buffer.from('a'))
    input.close()
    bytes(recording, 'sent', Buffer.from('\x03'))
    expect(eventsOf(recording, 'sent')).toMatchObject([{ typed: true }, { typed: true }])
  })

  test('is not the Ctrl-D with which a stage ends a command that nobody stays for', () => {
    const recording = upgraded(true)
    // Chapter 4 shows what keys send, and sends none of them.
    recording.watchInput(terminal).openInput().close()
    bytes(recording, 'sent', Uint8Array.of(4))
    bytes(recording, 'sent', Uint8Array.of(3, 4))
    expect(eventsOf(recording, 'sent').map(({ typed, hex }) => [typed, hex])).toEqual([
      [undefined, '04'],
      [undefined, '0304'],
    ])
  })

  test('leaves only its length in a tape that is kept', () => {
    const recording = upgraded(true)
    recording.watchInput(terminal).openInput()
    bytes(recording, 'sent', Buffer.from('geheim'))
    const { head, events } = withoutTyped(recording.tape())
    expect(head.typed).toBe(false)
    expect(events.at(-1)).toEqual({
      at: expect.any(Number),
      kind: 'sent',
      length: 6,
      typed: true,
    })
  })
})

test('an exchange that took long stands where it began, on its own connection', () => {
  const recording = upgraded(true)
  const began = performance.now()
  bytes(recording, 'received', Buffer.from('prompt'))
  const common = { connection: 1, headers: [], body: '' } as const
  recording.wire({ kind: 'request', at: began, method: 'POST', path: '/resize', ...common })
  recording.wire({ kind: 'answer', at: performance.now(), status: 200, reason: 'OK', ...common })
  const kinds = recording.tape().events.map(({ kind }) => kind)
  expect(kinds.slice(-3)).toEqual(['request', 'received', 'answer'])
})

test('nothing comes behind the end', () => {
  const recording = upgraded(true)
  recording.over(3)
  recording.over(null, 'too late')
  bytes(recording, 'received', Buffer.from('late'))
  recording.signal('SIGTERM')
  expect(recording.tape().events.at(-1)).toMatchObject({ kind: 'over', exitCode: 3 })
})
