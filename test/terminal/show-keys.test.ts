/**
 * How chapter 4 shows the bytes of keys.
 *
 * @module
 */

import { expect, test } from 'vitest'
import { keyLines } from '../../src/terminal/show-keys.ts'

test('a key takes one line with its bytes and their notation', () => {
  expect(keyLines(Buffer.from('\x1b[A'))).toEqual(['1b 5b 41                 ^[[A'])
  expect(keyLines(Buffer.from('\t'))).toEqual(['09                       ^I'])
})

test('pasted text takes several lines without splitting a character', () => {
  expect(keyLines(Buffer.from('one two\rvier 漢字é'))).toEqual([
    '6f 6e 65 20 74 77 6f 0d  one two^M',
    '76 69 65 72 20 e6 bc a2  vier 漢',
    'e5 ad 97 c3 a9           字é',
  ])
})

test('invalid UTF-8 is shown and control characters are not sent to the terminal', () => {
  expect(keyLines(Buffer.from([0xe9]))).toEqual(['e9                       \ufffd'])
  expect(keyLines(Buffer.from('\u009b2J'))).toEqual(['c2 9b 32 4a              \\u009b2J'])
})
