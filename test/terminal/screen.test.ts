/**
 * What is written to a screen behind a session.
 *
 * @module
 */

import { expect, test } from 'vitest'
import { restoredScreen } from '../../src/terminal/screen.ts'
import { seenLines } from '../support/screen.ts'

const size = { columns: 20, rows: 10 }

test.each([
  ['at a prompt', '/ # ', ['/ #', 'next']],
  ['at the beginning of a line', 'out\r\n', ['out', 'next']],
  ['behind a single character', '#', ['#', 'next']],
  ['at the end of a full row', '#'.repeat(20), ['#'.repeat(20), 'next']],
])('the next line is a line of its own where the cursor stood %s', async (_, before, seen) => {
  const bytes = Buffer.from(
    `${before}${restoredScreen({ isAlternate: false, hasRegion: false }, size.columns)}next`,
  )
  expect(await seenLines(bytes, size)).toEqual(seen)
})
