/**
 * Text in columns: printed text fits its window, and nothing is lost.
 *
 * @module
 */

import { describe, expect, onTestFinished, test } from 'vitest'
import { menuLines } from '../../src/menus/menu.ts'
import { beforeRun, pictureLines } from '../../src/show/picture.ts'
import { stateChangeLines } from '../../src/show/scene-lines.ts'
import { headingLines, stageLines, summaryLine } from '../../src/show/stage-lines.ts'
import { wireLines } from '../../src/tape/wire.ts'
import { plainStyle } from '../../src/text/style.ts'
import { cutText, hangingLines, padText, widthOf, wrapText } from '../../src/text/width.ts'
import { openTerminal } from '../support/pty.ts'
import { script } from '../support/scripts.ts'

const family = '👩‍👩‍👧'
const texts = {
  'East Asian text': '世界'.repeat(30),
  'Korean words': '안녕 세계 '.repeat(12).trim(),
  'emoji with joiners': family.repeat(30),
  'combining marks': 'e\u0301a\u0308'.repeat(40),
  'flags and skin tones': '🇩🇪👍🏽'.repeat(20),
  'a long word': 'x'.repeat(200),
  English: 'a word and another, and a third one '.repeat(5).trim(),
}

const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

function charactersOf(text: string): string[] {
  return [...characters.segment(text)].map(({ segment }) => segment)
}

function expectToFit(lines: readonly string[], width: number): void {
  expect(lines.filter((line) => widthOf(line) > width)).toEqual([])
}

/** Removes spaces, which may be lost at the end of a line. */
function bare(text: string): string {
  return text.replace(/\s/g, '')
}

describe.each(Object.entries(texts))('%s', (_, text) => {
  test.each([40, 21, 8, 2])('fits into %i columns without splitting a character', (width) => {
    const lines = wrapText(text, width)
    expectToFit(lines, width)
    expect(bare(lines.join(''))).toBe(bare(text))
    expect(lines.flatMap(charactersOf).filter((each) => each !== ' ')).toEqual(
      charactersOf(text).filter((each) => each !== ' '),
    )
  })

  test('hangs after a mark, even one that fills the line', () => {
    for (const mark of ['1. ', '世界: ', `${'界'.repeat(19)} `]) {
      const lines = hangingLines(mark, text, 40)
      expectToFit(lines, 40)
      expect(bare(lines.join(''))).toBe(bare(mark + text))
    }
  })

  test('is truncated and padded to a column', () => {
    const cut = cutText(text, 20)
    expect(widthOf(cut)).toBeLessThanOrEqual(20)
    expect(text.startsWith(cut.slice(0, -1))).toBe(true)
    expect(widthOf(padText(cut, 25))).toBe(25)
  })

  test('fits as a name, a story, a value, a request and a choice', () => {
    const page = { width: 40, style: plainStyle }
    const state = { [text.slice(0, 8)]: text, command: [text, text] }
    const wire = [
      {
        kind: 'request' as const,
        at: 0,
        connection: 1 as const,
        method: 'POST',
        path: `/containers/${text}/exec`,
        headers: [['X-Text', text]] as [string, string][],
        body: JSON.stringify({ Cmd: [text] }),
      },
    ]
    const report = {
      ...{ number: 1, name: text, title: text, question: text, story: text },
      ...{
        before: {},
        state,
        wire,
        teardown: wire,
        held: [text],
        isWhole: true,
        milliseconds: 1,
      },
    }
    const signs = { step: '*', bar: '|', end: '+', chosen: '>', other: ' ', dim: String }
    const choices = [{ label: text, hint: text }, { label: text }]
    const menu = { question: text, choices, marked: 0, numbered: true, above: 0, keys: text }
    for (const lines of [
      headingLines(text, page),
      stageLines(report, page, []),
      [summaryLine(report, page)],
      stateChangeLines(report, Object.keys(report.before), page),
      pictureLines({ ...beforeRun('terminal'), commandName: text, command: 'running' }, page),
      wireLines(wire, { width: 40 }),
      menuLines(menu, signs, { columns: 40, rows: 1000 }),
    ]) {
      expectToFit(lines, 40)
    }
    expect(bare(stageLines(report, page, []).join(''))).toContain(bare(text))
  })
})

test('wrapping makes progress with a grapheme wider than the line', () => {
  expect(wrapText('世界', 1)).toEqual(['世', '界'])
})

describe.skipIf(process.platform === 'win32')('in a window of 40 columns', () => {
  const rows: Parameters<typeof script>[] = [
    ['chapter', '1', '--plain', '--practice', 'practice', 'echo', ...Array(20).fill('世界世界')],
    ['chapter', '1', '--plain', '--practice', 'practice', 'echo', texts['emoji with joiners']],
    ['chapter', '2', '--practice', '--view', 'state', 'practice', 'echo', texts['combining marks']],
    ['chapter', '--experiment', 'list'],
    ['chapter', '--questions', '3'],
    ['chapter', '--experiment', 'never-started', '--practice', '--guess', '1'],
    ['check'],
    ['check', '3', '--hint', '1'],
    ['doctor', '--practice'],
    ['replay', '--list'],
    ['replay', '--plain'],
  ]
  test.each(rows)('%s %s %s %s prints no line wider than 40', async (...words) => {
    const terminal = openTerminal('env', ['CI=1', 'NO_COLOR=1', ...script(...words)], {
      columns: 40,
    })
    onTestFinished(terminal.stop)
    const { screen } = await terminal.ended
    const lines = screen.toString().split(/\r?\n/)
    expect(lines.length).toBeGreaterThan(3)
    expectToFit(lines, 40)
  })
})
