/**
 * `docs/kubectl-exec.md` is not from a run. Its bytes are worked out by hand,
 * and these tests work them out once more.
 *
 * @module
 */

import { expect, test } from 'vitest'
import { encodeFrame } from '../../src/stream/frames.ts'
import { readPage } from './page.ts'

/** The page on one line, with single spaces. */
const page = readPage('docs/kubectl-exec.md').replaceAll(/\s+/g, ' ')
const inHex = (bytes: Iterable<number>): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')

const stdin = 0
const stdout = 1
const close = 255
const key = 'l'.charCodeAt(0)

/** A binary message in one frame: RFC 6455, section 5.2. */
function webSocketFrame(payload: readonly number[], mask?: readonly number[]): number[] {
  const head = [0x82, (mask ? 0x80 : 0) | payload.length, ...(mask ?? [])]
  return [...head, ...payload.map((byte, at) => byte ^ (mask?.[at % 4] ?? 0))]
}

/** A data frame: SPDY Protocol, Draft 3.1, section 2.2.2. */
function spdyFrame(stream: number, payload: readonly number[], flags = 0): number[] {
  return [0, 0, 0, stream, flags, 0, 0, payload.length, ...payload]
}

test('shows a key and the end of the input as masked WebSocket frames', () => {
  const mask = [0x37, 0xfa, 0x21, 0x3d]
  const [, table = ''] = /the RFC's own example: ```text (.*?) ```/.exec(page) ?? []
  const shown = [...table.matchAll(/\b[0-9a-f]{2}\b/g)].map(([byte]) => byte)
  const frame = webSocketFrame([stdin, key], mask)
  // The explanation repeats the payload: 00 6c.
  expect(shown.slice(0, frame.length).join(' ')).toBe(inHex(frame))
  expect(page).toContain(`\`${inHex(webSocketFrame([close, stdin], mask))}\``)
})

test('shows the echo as an unmasked WebSocket frame', () => {
  expect(page).toContain(`\`${inHex(webSocketFrame([stdout, key]))}\``)
})

test('shows a key and the end of the input as SPDY frames', () => {
  const [, table = ''] = /opened the error stream first\. ```text (.*?) ```/.exec(page) ?? []
  const shown = [...table.matchAll(/\b[0-9a-f]{2}\b/g)].map(([byte]) => byte)
  expect(shown.join(' ')).toBe(inHex(spdyFrame(3, [key])))
  expect(page).toContain(`\`${inHex(spdyFrame(3, [], 1))}\``)
})

test('shows the same key as a stdcopy frame', () => {
  expect(page).toContain(`\`${inHex(encodeFrame('stdout', Buffer.from([key])))}\``)
})
