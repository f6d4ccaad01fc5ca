/**
 * Comparing two runs.
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
const names = ['the previous run', 'this run'] as const

/**
 * Returns `create: Tty: true → false`, with `undefined` for a missing value.
 */
const inShort = (differences: readonly Difference[]): string[] =>
  differences.map(({ where, what, before, after }) => `${where}: ${what}: ${before} → ${after}`)

const output = (...pieces: readonly string[]): Tape =>
  tapeOf(stage(5, {}, {}, pieces.map(received)))

test('lists the causes before the consequences for a run without a TTY', () => {
  const { causes, consequences } = compareTapes(terminalTape(), pipeTape())
  expect(inShort(causes)).toContain('settings: tty: true → false')
  const differences = inShort(consequences)
  expect(differences).toContain('create: ConsoleSize: [24,80] → undefined')
  expect(differences).toContain('start: Tty: true → false')
  expect(differences).toContain('hijack: output arrives: as raw bytes → in frames')
  expect(differences).toContain('resize: sizes sent (rows × columns): 24×80, then 40×120 → none')
  expect(differences).toContain('exit code: the exit code: 5 → 1')
  expect(differences).toContainEqual(expect.stringMatching(/^output: line endings: 0d 0a → 0a$/))

  const lines = comparisonLines(terminalTape(), pipeTape(), names, page)
  const changed = lines.indexOf('What was changed')
  expect(changed).toBeGreaterThan(0)
  expect(lines.indexOf('What happened as a result')).toBeGreaterThan(changed)
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
})

test('leaves out an equal Content-Type in spite of different framing', () => {
  const withType = (tty: boolean, contentType: string): Tape =>
    tapeOf([
      request(2, 'POST', '/exec/1/start', JSON.stringify({ Tty: tty })),
      answer(2, 101, 'UPGRADED', '', [['Content-Type', contentType]]),
      { kind: 'upgrade', framing: tty ? 'raw' : 'stdcopy' },
    ])
  const old = compareTapes(withType(true, 'raw'), withType(false, 'raw')).consequences
  expect(inShort(old)).toEqual([
    'start: Tty: true → false',
    'hijack: output arrives: as raw bytes → in frames',
  ])
  expect(old.at(-1)?.note).toContain('raw in both runs')

  const current = compareTapes(withType(true, 'raw'), withType(false, 'framed')).consequences
  expect(inShort(current)).toContain('start: Content-Type of the answer: raw → framed')
  expect(current.at(-1)?.note).toBeUndefined()
})

test('treats runs as equal that differ only in IDs, times and read boundaries', () => {
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
  expect(lines[0]).toMatch(/^The two runs are identical: /)
  expect(compareTapes(output('hello ', 'world'), output('hel', 'lo wor', 'ld'))).toEqual({
    causes: [],
    consequences: [],
  })
})

test('counts a size once if it was sent again until the process existed', () => {
  const sent = (...statuses: readonly number[]): Tape =>
    tapeOf(
      statuses.flatMap((status) => [
        request(1, 'POST', '/exec/1/resize?h=24&w=80'),
        answer(1, status, 'said'),
      ]),
    )
  expect(compareTapes(sent(200), sent(404, 404, 200)).consequences).toEqual([])
  expect(inShort(compareTapes(sent(200), sent(404, 404)).consequences)).toEqual([
    'resize: the answer to 24×80: accepted → 404 said',
  ])
})

test('compares short output line by line and long output by its length', () => {
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

test('compares the typed text without the answers of the terminal', () => {
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

test('reports a missing request as one difference, not one per field', () => {
  const stopped = tapeOf([
    ...terminalTape().events.slice(0, 5),
    { kind: 'over', exitCode: null, failure: 'No such container: box' },
  ])
  const lines = inShort(compareTapes(terminalTape(), stopped).consequences)
  expect(lines.filter((line) => line.startsWith('create: '))).toEqual([
    'create: the request: POST /containers/…/exec → not sent',
  ])
  expect(lines).toContain('end: the error: nothing → No such container: box')
})
