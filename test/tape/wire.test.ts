/**
 * How frames look on the screen, for any split of the bytes.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import { encodeFrame } from '../../src/stream/frames.ts'
import type { TapeEvent } from '../../src/tape/event.ts'
import { createFrameCutter } from '../../src/tape/pieces.ts'
import { everything, wireLines } from '../../src/tape/wire.ts'
import { plainStyle } from '../../src/text/style.ts'

const out = encodeFrame('stdout', Buffer.from('out\n'))
const err = encodeFrame('stderr', Buffer.from('err\n'))
const both = Buffer.concat([out, err])

function upgraded(tty: boolean): TapeEvent {
  return { at: 0, kind: 'upgrade', framing: tty ? 'raw' : 'stdcopy' }
}

function received(bytes: Uint8Array, length = bytes.length): TapeEvent {
  return { at: 0, kind: 'received', length, hex: Buffer.from(bytes).toString('hex') }
}

describe('frames on the screen', () => {
  test('show headers in brackets and explain only the first byte by byte', () => {
    expect(wireLines([received(both)], { width: 70, earlier: [upgraded(false)] })).toEqual([
      '←2 [01 00 00 00 00 00 00 04]  stdout, 4 bytes',
      '      01           stream: stdout',
      '      00 00 00     always zero',
      '      00 00 00 04  payload length: 4 (big-endian)',
      '   6f 75 74 0a                                      out\\n',
      '←2 [02 00 00 00 00 00 00 04]  stderr, 4 bytes',
      '   65 72 72 0a                                      err\\n',
    ])
  })

  test('are not looked for under a tty', () => {
    const lines = wireLines([received(out)], { width: 70, earlier: [upgraded(true)] })
    expect(lines).toEqual(['←2 01 00 00 00 00 00 00 04 6f 75 74 0a              ········out\\n'])
  })

  test('continue if a frame began in an earlier stage', () => {
    const earlier = [upgraded(false), received(both.subarray(0, 10))]
    const lines = wireLines([received(both.subarray(10))], { width: 70, earlier })
    expect(lines[0]).toMatch(/^ {3}74 0a /)
    expect(lines[1]).toBe('←2 [02 00 00 00 00 00 00 04]  stderr, 4 bytes')
  })

  test.each([30, 38])('fit into %i columns', (width) => {
    const lines = wireLines([received(both)], { width, earlier: [upgraded(false)] })
    expect(lines.filter((line) => line.length > width)).toEqual([])
    expect(lines.join(' ')).toContain('[01 00 00 00 00 00 00 04]')
  })

  test('count the bytes that are not shown, including headers', () => {
    const many = Buffer.concat(Array.from({ length: 20 }, () => out))
    const lines = wireLines([received(many, 1000)], {
      ...{ width: 70, rows: 4, earlier: [upgraded(false)] },
    })
    expect(lines.at(-1)).toBe('   … and 976 more bytes')
  })
})

test('headers and payloads are found for any split of the bytes', () => {
  const headers = [
    { stream: 1, length: 4 },
    { stream: 2, length: 4 },
  ]
  for (let cut = 0; cut < both.length; cut += 1) {
    const cutter = createFrameCutter()
    const pieces = [...cutter(both.subarray(0, cut)), ...cutter(both.subarray(cut))]
    const starts = pieces.filter(({ headerAt }) => headerAt === 0)
    expect(starts.map(({ frame }) => frame)).toEqual(headers)
    const payload = pieces.flatMap(({ headerAt, bytes }) =>
      headerAt === undefined ? [...bytes] : [],
    )
    expect(Buffer.from(payload).toString()).toBe('out\nerr\n')
  }
})

const execId = 'fc9c11ae6ac4d8a05ab6c8ef9d6c1b8ef1b7d0f0d5d1d1c6b2a1f0e9d8c7b6a5'

const typedAndResized: readonly TapeEvent[] = [
  upgraded(true),
  { at: 1, kind: 'sent', length: 1, hex: '0d' },
  received(Buffer.from('\r\n24 80\r\n# ')),
  {
    ...{ at: 2, kind: 'request', connection: 1, method: 'POST', headers: [], body: '' },
    path: `/v1.41/exec/${execId}/resize?h=30&w=100`,
  },
  { at: 3, kind: 'answer', connection: 1, status: 200, reason: 'OK', headers: [], body: '' },
]

describe('the two connections on the screen', () => {
  test('have a number beside the arrow', () => {
    expect(wireLines(typedAndResized, { width: 70 })).toEqual([
      '2→ 0d                                               \\r',
      '←2 0d 0a 32 34 20 38 30 0d 0a 23 20                 \\r\\n24 80\\r\\n# ',
      '1→ POST /v1.41/exec/fc9c11ae6ac4…/resize?h=30&w=100',
      '←1 200 OK',
    ])
  })

  test('have different colours', () => {
    const style = {
      ...plainStyle,
      first: (text: string) => `<1>${text}`,
      second: (text: string) => `<2>${text}`,
    }
    const lines = wireLines(typedAndResized, { width: 70, style })
    expect(lines.map((line) => line.slice(0, 3))).toEqual(['<2>', '<2>', '<1>', '<1>'])
  })

  test('fit a row with many line ends by showing fewer bytes', () => {
    const ends = received(Buffer.from('\r\n'.repeat(20)))
    const lines = wireLines([ends], { width: 70, earlier: [upgraded(true)] })
    expect(lines.filter((line) => line.length > 70)).toEqual([])
    expect(lines.join(' ').match(/0[da]/g)).toHaveLength(40)
  })
})

describe('a body on the screen', () => {
  const body = JSON.stringify({ Id: execId, State: { Pid: 4711 }, Mounts: Array(99).fill('/mnt') })
  const inspected: TapeEvent = {
    ...{ at: 1, kind: 'answer', connection: 1, status: 200, reason: 'OK', headers: [], body },
  }

  test('is truncated if it is long, and its IDs are shortened', () => {
    const lines = wireLines([inspected], { width: 80 })
    expect(lines[1]).toMatch(/^ {3}\{"Id":"fc9c11ae6ac4…","State"/)
    expect(lines.join(' ')).toMatch(/… and \s*\d+ more characters$/)
  })

  test('expands to one line per value, with full IDs', () => {
    const lines = wireLines([inspected], { width: 80, ...everything })
    expect(lines.slice(1, 5)).toEqual([
      '   {',
      `     "Id": "${execId}",`,
      '     "State": {',
      '       "Pid": 4711',
    ])
    expect(lines.filter((line) => line.includes('"/mnt"'))).toHaveLength(99)
  })

  test('stays unchanged if it is not JSON', () => {
    const lines = wireLines([{ ...inspected, body: 'no such exec' }], { width: 80, ...everything })
    expect(lines).toEqual(['←1 200 OK', '   no such exec'])
  })
})
