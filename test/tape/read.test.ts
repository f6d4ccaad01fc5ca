/**
 * Files that are tapes, and files that are not.
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

test('what was written is what is read', () => {
  expect(parseTape(text, 'x.tape')).toEqual({ ...tape, cut: undefined })
})

test('lines may end as on Windows', () => {
  expect(parseTape(text.replaceAll('\n', '\r\n'), 'x.tape').events).toEqual(tape.events)
})

describe('a tape that is cut', () => {
  test('in the middle of a line goes as far as the line before, and says so', () => {
    const read = parseTape(text.slice(0, text.indexOf('"received"')), 'x.tape')
    expect(read.events).toEqual(tape.events.slice(0, 6))
    expect(read.cut).toBe(
      'The tape is cut in the middle of line 8: it goes as far as the line before.',
    )
  })

  test('behind a line says so too', () => {
    const read = parseTape(`${lines.slice(0, 4).join('\n')}\n`, 'x.tape')
    expect(read.events).toHaveLength(3)
    expect(read.cut).toBe('The tape is cut: the end of the run is missing.')
  })

  test('only by its last line end is whole', () => {
    expect(parseTape(text.trimEnd(), 'x.tape').cut).toBeUndefined()
  })

  test('at any character never breaks the reader', () => {
    const head = (lines[0]?.length ?? 0) + 1
    for (let length = head; length < text.length; length += 1) {
      const { events } = parseTape(text.slice(0, length), 'x.tape')
      expect(events).toEqual(tape.events.slice(0, events.length))
    }
  })
})

describe('no tape is', () => {
  const line = (at: number, change: object): string =>
    lines
      .map((each, index) =>
        index === at ? JSON.stringify({ ...JSON.parse(each), ...change }) : each,
      )
      .join('\n')

  test.each([
    ['an empty text', '', 'x.tape is empty: no tape was written into it'],
    ['a line end', '\n', 'x.tape is empty: no tape was written into it'],
    ['prose', 'Dear Ada,\n', 'x.tape is no tape: its first line does not say that it is one'],
    ['other JSON', '{"a":1}\n', 'x.tape is no tape: its first line does not say that it is one'],
    ['JSON null', 'null\n', 'x.tape is no tape: its first line does not say that it is one'],
    [
      'a tape of another version',
      line(0, { version: 1 }),
      'x.tape is a tape of version 1, and this workbook reads version 2',
    ],
    [
      'a version that is text',
      line(0, { version: '\x1b[31m' }),
      'x.tape is a tape of version that makes no sense, and this workbook reads version 2',
    ],
    [
      'a first line without stages',
      line(0, { stages: 7 }),
      'the first line of x.tape is incomplete',
    ],
    ['an event of a kind that there is not', line(2, { kind: 'x' }), /^line 3 of x\.tape is no/],
    ['an event whose kind is a name of objects', line(2, { kind: 'toString' }), /^line 3 of/],
    ['an event without a time', line(3, { at: 'now' }), /^line 4 of x\.tape is no event/],
    ['a state that is text', line(3, { state: 'x' }), /^line 4 of x\.tape is no event/],
    ['bytes that are no hex', line(7, { hex: '6g' }), /^line 8 of x\.tape is no event/],
    ['half a byte', line(7, { hex: '686' }), /^line 8 of x\.tape is no event/],
    ['a length below nothing', line(6, { length: -1 }), /^line 7 of x\.tape is no event/],
    ['a flag that is text', line(1, { flags: { echo: 'x' } }), /^line 2 of x\.tape is no event/],
  ])('%s', (_, content, sentence) => {
    expect(() => parseTape(content, 'x.tape')).toThrow(sentence)
  })
})

describe('no file for a tape is', () => {
  const folder = (): string => {
    const made = temporaryFolder('wbtape')
    onTestFinished(() => removeFolder(made))
    return made
  }

  test('one that is not there', () => {
    const file = join(folder(), 'nope')
    expect(() => readTape(file)).toThrow(`there is no tape ${file}`)
  })

  test('a folder', () => {
    const file = join(folder(), 'sub')
    mkdirSync(file)
    expect(() => readTape(file)).toThrow(`${file} is a folder, and a tape is a file`)
  })

  test('one below a file', () => {
    const file = join(folder(), 'x')
    writeFileSync(file, text)
    expect(() => readTape(join(file, 'y'))).toThrow('there is no tape')
  })

  test('one that never ends', () => {
    expect(() => readTape('/dev/zero')).toThrow('/dev/zero is no ordinary file')
  })

  test('a pipe that nobody writes into', () => {
    const file = join(folder(), 'pipe')
    execFileSync('mkfifo', [file])
    expect(() => readTape(file)).toThrow(`${file} is no ordinary file`)
  })
})

test('at each moment the state, the stage and the terminal are as they were then', () => {
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
