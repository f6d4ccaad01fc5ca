/**
 * How frames look on the screen, whichever way the bytes were cut.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import { encodeFrame } from '../../src/stream/frames.ts'
import type { TapeEvent } from '../../src/tape/event.ts'
import { createFrameCutter } from '../../src/tape/pieces.ts'
import { wireLines } from '../../src/tape/wire.ts'

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
  test('the first header stands in brackets and is explained byte by byte, later ones are not', () => {
    expect(wireLines([received(both)], { width: 70, earlier: [upgraded(false)] })).toEqual([
      '← [01 00 00 00 00 00 00 04]  stdout, 4 bytes',
      '     01           the stream: stdout',
      '     00 00 00     always zero',
      '     00 00 00 04  the payload’s length, 4; the first byte weighs most',
      '  6f 75 74 0a                                      out·',
      '← [02 00 00 00 00 00 00 04]  stderr, 4 bytes',
      '  65 72 72 0a                                      err·',
    ])
  })

  test('under a tty the same bytes are shown as they are', () => {
    const lines = wireLines([received(out)], { width: 70, earlier: [upgraded(true)] })
    expect(lines).toEqual(['← 01 00 00 00 00 00 00 04 6f 75 74 0a              ········out·'])
  })

  test('a frame that began in an earlier stage goes on in this one', () => {
    const earlier = [upgraded(false), received(both.subarray(0, 10))]
    const lines = wireLines([received(both.subarray(10))], { width: 70, earlier })
    expect(lines[0]).toMatch(/^ {2}74 0a /)
    expect(lines[1]).toBe('← [02 00 00 00 00 00 00 04]  stderr, 4 bytes')
  })

  test.each([30, 38])('in %i columns no line is longer than that', (width) => {
    const lines = wireLines([received(both)], { width, earlier: [upgraded(false)] })
    expect(lines.filter((line) => line.length > width)).toEqual([])
    expect(lines.join(' ')).toContain('[01 00 00 00 00 00 00 04]')
  })

  test('what is not shown is counted, headers too', () => {
    const many = Buffer.concat(Array.from({ length: 20 }, () => out))
    const lines = wireLines([received(many, 1000)], {
      ...{ width: 70, rows: 4, earlier: [upgraded(false)] },
    })
    expect(lines.at(-1)).toBe('  … and 976 bytes more')
  })
})

test('headers and payloads are found however the bytes are cut', () => {
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
