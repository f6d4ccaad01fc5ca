/**
 * What is different between two runs, and what is not.
 *
 * @module
 */

import { expect, test } from 'vitest'
import { comparedLines } from '../../src/guide/compare.ts'
import { plainStyle } from '../../src/text/style.ts'
import { received, stage, tapeOf } from '../support/tape-parts.ts'

const page = { width: 80, style: plainStyle }
const names = ['the run before', 'this run'] as const

const output = (...pieces: readonly string[]) =>
  tapeOf(
    stage(
      5,
      {},
      {},
      pieces.map((piece) => received(piece)),
    ),
  )

test('output that came in other pieces is the same output', () => {
  const lines = comparedLines(output('hello ', 'world'), output('hel', 'lo wor', 'ld'), names, page)
  expect(lines).toEqual(['No difference.'])
})

test('other output is a difference', () => {
  const lines = comparedLines(output('hello ', 'world'), output('hello ', 'there'), names, page)
  expect(lines.filter((line) => /^[-+] /.test(line))).toEqual([
    expect.stringContaining('hello world'),
    expect.stringContaining('hello there'),
  ])
})
