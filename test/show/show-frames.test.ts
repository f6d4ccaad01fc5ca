/**
 * How frames look on the screen, whichever way the bytes were cut.
 *
 * @module
 */

import { describe, expect, test } from 'vitest'
import { createFrameFinder } from '../../src/show/show-frames.ts'
import { wireLines } from '../../src/show/show-wire.ts'
import { encodeFrame } from '../../src/stream/frames.ts'
import type { WireEvent } from '../../src/tape/tape.ts'

const out = encodeFrame('stdout', Buffer.from('out\n'))
const err = encodeFrame('stderr', Buffer.from('err\n'))
const both = Buffer.concat([out, err])

function started(tty: boolean): WireEvent {
  const body = `{"Detach":false,"Tty":${tty}}\n`
  const path = '/v1.41/exec/e1/start'
  return { at: 0, kind: 'request', connection: 2, method: 'POST', path, headers: [], body }
}

function received(bytes: Uint8Array, length = bytes.length): WireEvent {
  return { at: 0, kind: 'received', connection: 2, bytes, length }
}

describe('frames on the screen', () => {
  test('the first header stands in brackets and is explained byte by byte, later ones are not', () => {
    expect(wireLines([received(both)], { width: 70, earlier: [started(false)] })).toEqual([
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
    const lines = wireLines([received(out)], { width: 70, earlier: [started(true)] })
    expect(lines).toEqual(['← 01 00 00 00 00 00 00 04 6f 75 74 0a              ········out·'])
  })

  test('a frame that began in an earlier stage goes on in this one', () => {
    const earlier = [started(false), received(both.subarray(0, 10))]
    const lines = wireLines([received(both.subarray(10))], { width: 70, earlier })
    expect(lines[0]).toMatch(/^ {2}74 0a /)
    expect(lines[1]).toBe('← [02 00 00 00 00 00 00 04]  stderr, 4 bytes')
  })

  test.each([30, 38])('in %i columns no line is longer than that', (width) => {
    const lines = wireLines([received(both)], { width, earlier: [started(false)] })
    expect(lines.filter((line) => line.length > width)).toEqual([])
    expect(lines.join(' ')).toContain('[01 00 00 00 00 00 00 04]')
  })

  test('what is not shown is counted, headers too', () => {
    const many = Buffer.concat(Array.from({ length: 20 }, () => out))
    const lines = wireLines([received(many, 1000)], {
      ...{ width: 70, rows: 4, earlier: [started(false)] },
    })
    expect(lines.at(-1)).toBe('  … and 976 bytes more')
  })
})

test('headers and payloads are found however the bytes are cut', () => {
  const whole = createFrameFinder()(both)
  const headers = whole.flatMap((part) => (part.kind === 'header' ? [part.says] : []))
  expect(headers).toEqual([
    { stream: 1, length: 4 },
    { stream: 2, length: 4 },
  ])
  for (let cut = 1; cut < both.length; cut += 1) {
    const find = createFrameFinder()
    const parts = [...find(both.subarray(0, cut)), ...find(both.subarray(cut))]
    expect(
      parts.flatMap((part) => (part.kind === 'header' && part.says ? [part.says] : [])),
    ).toEqual(headers)
    const payload = parts.flatMap((part) => (part.kind === 'payload' ? [...part.bytes] : []))
    expect(Buffer.from(payload).toString()).toBe('out\nerr\n')
  }
})
