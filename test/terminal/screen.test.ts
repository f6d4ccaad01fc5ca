/**
 * The screen of a session: inserting sequences while it runs, and resetting
 * it after.
 *
 * @module
 */

import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { sessionReset } from '../../src/terminal/screen.ts'
import { watchScreen } from '../../src/terminal/screen-watch.ts'
import { seenLines } from '../support/screen.ts'

const size = { columns: 20, rows: 10 }

/** Returns a screen that was watched while a session wrote these chunks. */
function watched(...chunks: readonly string[]) {
  const output = new PassThrough()
  const screen = watchScreen(output)
  for (const chunk of chunks) output.write(Buffer.from(chunk, 'latin1'))
  screen.end()
  return { output, screen, bytes: Buffer.from(chunks.join(''), 'latin1') }
}

test.each([
  ['at a prompt', '/ # ', ['/ #', 'next']],
  ['at the beginning of a line', 'out\r\n', ['out', 'next']],
  ['after a single character', '#', ['#', 'next']],
  ['at the end of a full row', '#'.repeat(20), ['#'.repeat(20), 'next']],
  ['in vi', '/ # vi f\r\n\x1b[?1049h\x1b[H~\r\n~\r\n:', ['/ # vi f', 'next']],
])('resetting starts a new line if the cursor was %s', async (_, before, seen) => {
  const { bytes, screen } = watched(before)
  const restored = Buffer.from(`${sessionReset(screen.state(), size.columns)}next`)
  expect(await seenLines(Buffer.concat([bytes, restored]), size)).toEqual(seen)
})

test('resetting goes below all text if a scrolling region was set', async () => {
  const { bytes, screen } = watched('one\r\ntwo\r\n\x1b[?1049h\x1b[1;3r\x1b[2;1H~')
  const restored = Buffer.from(`${sessionReset(screen.state(), size.columns)}next`)
  const lines = await seenLines(Buffer.concat([bytes, restored]), size)
  expect(lines.filter((line) => line !== '')).toEqual(['one', 'two', 'next'])
})

test.each([
  ['entered', ['\x1b[?1049h'], true],
  ['entered in two reads', ['\x1b[?10', '49h'], true],
  ['entered with another mode', ['\x1b[?7;1049h'], true],
  ['left', ['\x1b[?1049h', 'text\x1b[?1049l'], false],
  ['left by a reset', ['\x1b[?47h', '\x1bc'], false],
  ['only named in a title', ['\x1b]2;[?1049h\x07'], false],
])('the alternate screen is tracked when %s', (_, chunks, isAlternate) => {
  expect(watched(...chunks).screen.state().isAlternate).toBe(isAlternate)
})

test('resetting pops the titles that a program pushed, last first', () => {
  const { screen } = watched('\x1b[22;0;0t\x1b[22;1t', 'x\x1b[22t\x1b[23t')
  expect(sessionReset(screen.state(), 80).startsWith('\x1b[23;1t\x1b[23;0;0t\x1b[0m')).toBe(true)
})

test.each([
  ['at rest', ['text'], 'text|'],
  ['inside a sequence', ['\x1b[3', '1mred'], '\x1b[31mred|'],
  ['inside a title', ['\x1b]2;a t', 'itle\x07x'], '\x1b]2;a title\x07x|'],
  ['after a lone escape', ['\x1b', '[m'], '\x1b[m|'],
  ['inside a character', ['caf\xc3', '\xa9!'], 'caf\xc3\xa9!|'],
  ['after a complete character', ['caf\xc3\xa9', '!'], 'caf\xc3\xa9|!'],
])('a title is inserted at the right place with output %s', (_, [first = '', ...rest], written) => {
  const output = new PassThrough()
  const screen = watchScreen(output)
  output.write(Buffer.from(first, 'latin1'))
  screen.insert('|')
  for (const chunk of rest) output.write(Buffer.from(chunk, 'latin1'))
  expect(output.read(output.readableLength).toString('latin1')).toBe(written)
})

test('only the last of several waiting titles is written', () => {
  const output = new PassThrough()
  const screen = watchScreen(output)
  output.write('\x1b[')
  screen.insert('1')
  screen.insert('2')
  output.write('m')
  expect(output.read(output.readableLength).toString()).toBe('\x1b[m2')
})

test('an output is unchanged after watching ends', () => {
  const { output } = watched('text')
  expect(output.write).toBe(PassThrough.prototype.write)
})
