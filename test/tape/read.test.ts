/**
 * Reading tapes, and refusing files that are not tapes.
 *
 * @module
 */

import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Tape } from '../../src/tape/event.ts'
import { tapeText } from '../../src/tape/keep.ts'
import { momentsOf } from '../../src/tape/moments.ts'
import { parseTape, readTape } from '../../src/tape/read.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'

const tape: Tape = {
  head: {
    kind: 'tape',
    version: 2,
    made: '2026-03-01T09:30:00.250Z',
    chapter: 2,
    stages: ['create', 'start'],
    daemon: { product: 'Docker', version: '28.5.2', apiVersion: '1.50' },
    typed: false,
  },
  events: [
    { at: 0, kind: 'terminal', moment: 'before', flags: { icanon: true, echo: true } },
    {
      at: 1,
      kind: 'stage begins',
      number: 1,
      name: 'create',
      title: 'creates',
      question: 'How?',
      state: { container: 'box' },
    },
    {
      at: 2,
      kind: 'stage ended',
      number: 1,
      story: 'Created.',
      state: { container: 'box', execId: 'e1' },
      held: [],
      milliseconds: 1,
    },
    {
      at: 3,
      kind: 'stage begins',
      number: 2,
      name: 'start',
      title: 'starts',
      question: 'How then?',
      state: { container: 'box', execId: 'e1' },
    },
    { at: 4, kind: 'terminal', moment: 'raw', flags: { icanon: false, echo: false } },
    { at: 5, kind: 'sent', length: 3, typed: true },
    { at: 6, kind: 'received', length: 2, hex: '6869' },
    { at: 7, kind: 'over', exitCode: null },
  ],
}

const text = tapeText(tape)
const lines = text.trimEnd().split('\n')

test('reading returns what was written', () => {
  expect(parseTape(text, 'x.tape')).toEqual({ ...tape, cut: undefined })
})

test('lines may end with CRLF', () => {
  expect(parseTape(text.replaceAll('\n', '\r\n'), 'x.tape').events).toEqual(tape.events)
})

describe('a truncated tape', () => {
  test('has the events before an incomplete line and reports it', () => {
    const read = parseTape(text.slice(0, text.indexOf('"received"')), 'x.tape')
    expect(read.events).toEqual(tape.events.slice(0, 6))
    expect(read.cut).toBe('The tape is truncated: it ends in the middle of line 8.')
  })

  test('is reported if it ends after a complete line', () => {
    const read = parseTape(`${lines.slice(0, 4).join('\n')}\n`, 'x.tape')
    expect(read.events).toHaveLength(3)
    expect(read.cut).toBe('The tape is truncated: the end of the run is missing.')
  })

  test('counts as complete if only the last newline is missing', () => {
    expect(parseTape(text.trimEnd(), 'x.tape').cut).toBeUndefined()
  })

  test('never makes the reader throw, wherever it ends', () => {
    const head = (lines[0]?.length ?? 0) + 1
    for (let length = head; length < text.length; length += 1) {
      const { events } = parseTape(text.slice(0, length), 'x.tape')
      expect(events).toEqual(tape.events.slice(0, events.length))
    }
  })
})

describe('parsing refuses', () => {
  const line = (at: number, change: object): string =>
    lines
      .map((each, index) =>
        index === at ? JSON.stringify({ ...JSON.parse(each), ...change }) : each,
      )
      .join('\n')

  test.each([
    ['an empty text', '', 'cannot read x.tape: the file is empty'],
    ['a lone newline', '\n', 'cannot read x.tape: the file is empty'],
    ['prose', 'Dear Ada,\n', 'cannot read x.tape: it is not a tape'],
    ['other JSON', '{"a":1}\n', 'cannot read x.tape: it is not a tape'],
    ['JSON null', 'null\n', 'cannot read x.tape: it is not a tape'],
    [
      'a tape of another version',
      line(0, { version: 1 }),
      'cannot read x.tape: its tape version is 1, this workbook reads version 2',
    ],
    [
      'a version that is text',
      line(0, { version: '\x1b[31m' }),
      'cannot read x.tape: its tape version is unknown, this workbook reads version 2',
    ],
    [
      'a first line without stages',
      line(0, { stages: 7 }),
      'cannot read x.tape: its first line is incomplete',
    ],
    ['an event of an unknown kind', line(2, { kind: 'x' }), /: line 3 is not a tape event$/],
    ['an event whose kind is an Object method', line(2, { kind: 'toString' }), /: line 3 is not/],
    ['an event without a time', line(3, { at: 'now' }), /: line 4 is not a tape event/],
    ['a state that is text', line(3, { state: 'x' }), /: line 4 is not a tape event/],
    ['bytes that are not hex', line(7, { hex: '6g' }), /: line 8 is not a tape event/],
    ['half a byte', line(7, { hex: '686' }), /: line 8 is not a tape event/],
    ['a negative length', line(6, { length: -1 }), /: line 7 is not a tape event/],
    ['a flag that is text', line(1, { flags: { echo: 'x' } }), /: line 2 is not a tape event/],
  ])('%s', (_, content, sentence) => {
    expect(() => parseTape(content, 'x.tape')).toThrow(sentence)
  })
})

describe('reading refuses', () => {
  const folder = (): string => {
    const made = temporaryFolder('wbtape')
    onTestFinished(() => removeFolder(made))
    return made
  }

  test('a missing file', () => {
    const file = join(folder(), 'nope')
    expect(() => readTape(file)).toThrow(`cannot read ${file}: no such tape`)
  })

  test('a folder', () => {
    const file = join(folder(), 'sub')
    mkdirSync(file)
    expect(() => readTape(file)).toThrow(`cannot read ${file}: it is a folder, not a tape`)
  })

  test('a path below a file', () => {
    const file = join(folder(), 'x')
    writeFileSync(file, text)
    expect(() => readTape(join(file, 'y'))).toThrow('no such tape')
  })

  test('an endless device', () => {
    expect(() => readTape('/dev/zero')).toThrow('cannot read /dev/zero: it is not a regular file')
  })

  test('a pipe without a writer', () => {
    const file = join(folder(), 'pipe')
    execFileSync('mkfifo', [file])
    expect(() => readTape(file)).toThrow(`cannot read ${file}: it is not a regular file`)
  })
})

test('each moment has the state, stage and terminal of its time', () => {
  const moments = momentsOf(tape.events)
  expect(moments.map(({ number, stage }) => [number, stage?.number])).toEqual([
    [1, undefined],
    [2, 1],
    [3, 1],
    [4, 2],
    [5, 2],
    [6, 2],
    [7, 2],
    [8, 2],
  ])
  expect(moments.map(({ state }) => Object.keys(state).length)).toEqual([0, 1, 2, 2, 2, 2, 2, 2])
  expect(moments.map(({ flags }) => flags?.echo)).toEqual([
    ...[true, true, true, true],
    ...[false, false, false, false],
  ])
  expect(moments.every(({ flagsBefore }) => flagsBefore?.echo)).toBe(true)
  expect(moments.map(({ ended }) => ended !== undefined).indexOf(true)).toBe(2)
  expect(moments[3]?.ended).toBeUndefined()
})
