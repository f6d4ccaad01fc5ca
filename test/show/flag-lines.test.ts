/**
 * The flags of a terminal on the screen.
 *
 * @module
 */

import { expect, test } from 'vitest'
import { flagLines } from '../../src/show/flag-lines.ts'
import { plainStyle } from '../../src/text/style.ts'

const before = { echo: true, icanon: true, ixon: false }
const readings = [
  ['before', before],
  ['raw', { ...before, icanon: false, echo: false }],
  ['after', before],
] as const

test('the changed flags come first and are marked', () => {
  const lines = flagLines(readings, 80, plainStyle, false)
  expect(lines[0]).toMatch(/^ {2}before {4}raw {7}after {5}in raw mode$/)
  const changed = lines.filter((line) => line.startsWith('~ '))
  expect(changed.map((line) => line.slice(2, 32).trim().split(/ +/))).toEqual([
    ['icanon', '-icanon', 'icanon'],
    ['echo', '-echo', 'echo'],
  ])
  expect(lines.at(-1)).toBe('1 more flag of raw mode did not change.')
})

test('the unchanged flags follow on request', () => {
  const lines = flagLines(readings, 80, plainStyle, true)
  expect(lines.at(-1)).toMatch(/^ {2}-ixon {5}-ixon {5}-ixon /)
  expect(lines.join(' ')).not.toContain('more flag')
})
