/**
 * What is different between two runs, and what is not.
 *
 * @module
 */

import { expect, test } from 'vitest'
import { comparisonLines } from '../../src/guide/compare.ts'
import { compareTapes } from '../../src/guide/differences.ts'
import type { Difference } from '../../src/guide/output-differences.ts'
import type { Tape } from '../../src/tape/event.ts'
import { plainStyle } from '../../src/text/style.ts'
import { answer, received, request, stage, tapeOf, typed } from '../support/tape-parts.ts'
import { pipeTape, terminalTape } from '../support/tapes.ts'

const page = { width: 80, style: plainStyle }
const names = ['the run before', 'this run'] as const

/** `create: Tty true → false`, and `undefined` for what a run does not have. */
const inShort = (differences: readonly Difference[]): string[] =>
  differences.map(({ where, what, before, after }) => `${where}: ${what}: ${before} → ${after}`)

const output = (...pieces: readonly string[]): Tape =>
  tapeOf(stage(5, {}, {}, pieces.map(received)))

test('a terminal or none: the cause comes first, and each consequence is read off the tapes', () => {
  const { causes, consequences } = compareTapes(terminalTape(), pipeTape())
  expect(inShort(causes)).toContain('settings: tty: true → false')
  const told = inShort(consequences)
  expect(told).toContain('create: ConsoleSize: [24,80] → undefined')
  expect(told).toContain('start: Tty: true → false')
  expect(told).toContain('hijack: output comes: as raw bytes → in frames')
  expect(told).toContain('resize: sizes sent (rows × columns): 24×80, then 40×120 → none')
  expect(told).toContain('exit code: the exit code: 5 → 1')
  expect(told).toContainEqual(expect.stringMatching(/^output: line ends: 0d 0a → 0a$/))

  const lines = comparisonLines(terminalTape(), pipeTape(), names, page)
  const changed = lines.indexOf('What was changed')
  expect(changed).toBeGreaterThan(0)
  expect(lines.indexOf('What came of it')).toBeGreaterThan(changed)
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
})

test('a header that is the same in both runs is not told as a consequence of the framing', () => {
  const withType = (tty: boolean, contentType: string): Tape =>
    tapeOf([
      request(2, 'POST', '/exec/1/start', JSON.stringify({ Tty: tty })),
      answer(2, 101, 'UPGRADED', '', [['Content-Type', contentType]]),
      { kind: 'upgrade', framing: tty ? 'raw' : 'stdcopy' },
    ])
  const old = compareTapes(withType(true, 'raw'), withType(false, 'raw')).consequences
  expect(inShort(old)).toEqual([
    'start: Tty: true → false',
    'hijack: output comes: as raw bytes → in frames',
  ])
  expect(old.at(-1)?.note).toContain('raw in both runs')

  const current = compareTapes(withType(true, 'raw'), withType(false, 'framed')).consequences
  expect(inShort(current)).toContain('start: Content-Type of the answer: raw → framed')
  expect(current.at(-1)?.note).toBeUndefined()
})

test('two runs with other IDs and times, and output in other pieces, are equal', () => {
  const tape = terminalTape()
  const id = 'fc9c11ae6ac4d8a05ab6c8ef9d6c1b8ef1b7d0f0d5d1d1c6b2a1f0e9d8c7b6a5'
  const other = JSON.parse(
    JSON.stringify(tape)
      .replaceAll(id, '0'.repeat(64))
      .replaceAll('"Pid\\":4802', '"Pid\\":17')
      .replaceAll('"Pid\\":4711', '"Pid\\":18'),
  ) as Tape
  const later = other.events.map((event) => ({ ...event, at: event.at * 3 }))
  const lines = comparisonLines(tape, { ...other, events: later }, names, page)
  expect(lines[0]).toMatch(/^The two runs are equal: /)
  expect(compareTapes(output('hello ', 'world'), output('hel', 'lo wor', 'ld'))).toEqual({
    causes: [],
    consequences: [],
  })
})

test('a size that was sent again until the process was there counts once', () => {
  const sent = (...statuses: readonly number[]): Tape =>
    tapeOf(
      statuses.flatMap((status) => [
        request(1, 'POST', '/exec/1/resize?h=24&w=80'),
        answer(1, status, 'said'),
      ]),
    )
  expect(compareTapes(sent(200), sent(404, 404, 200)).consequences).toEqual([])
  expect(inShort(compareTapes(sent(200), sent(404, 404)).consequences)).toEqual([
    'resize: the answer to 24×80: taken → 404 said',
  ])
})

test('short output is told line by line, and long output by its length', () => {
  const short = compareTapes(output('hello\n', 'world\n'), output('hello\n', 'there\n'))
  expect(inShort(short.consequences)).toEqual([
    'output: the line: "world" → undefined',
    'output: the line: undefined → "there"',
  ])
  const long = compareTapes(output('a\n'.repeat(100)), output('b\n'.repeat(101)))
  expect(inShort(long.consequences)).toEqual([
    'output: bytes received: 200 from the terminal → 202 from the terminal',
  ])
})

test('what was typed is told, without what the terminal answers by itself', () => {
  const keys = (...texts: readonly string[]): Tape =>
    tapeOf(
      stage(
        5,
        {},
        {},
        texts.map((text) => typed(text)),
      ),
    )
  expect(inShort(compareTapes(keys('ls\r'), keys('exit\r')).causes)).toEqual([
    'your side: typed: "ls^M" → "exit^M"',
  ])
  expect(compareTapes(keys('ls\r'), keys('\x1b[24;5R', 'ls\r')).causes).toEqual([])
})

test('a request that was not sent is one difference, and not one for each of its fields', () => {
  const stopped = tapeOf([
    ...terminalTape().events.slice(0, 5),
    { kind: 'over', exitCode: null, failure: 'No such container: box' },
  ])
  const told = inShort(compareTapes(terminalTape(), stopped).consequences)
  expect(told.filter((line) => line.startsWith('create: '))).toEqual([
    'create: the request: POST /containers/…/exec → not sent',
  ])
  expect(told).toContain('end: what stopped it: nothing → No such container: box')
})
