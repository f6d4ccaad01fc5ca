/**
 * The layout of a menu in windows of any size.
 *
 * @module
 */

import { expect, test } from 'vitest'
import {
  chosenLines,
  keyLines,
  type Menu,
  type MenuSigns,
  menuLines,
} from '../../src/menus/menu.ts'

const signs: MenuSigns = {
  ...{ step: '◆', bar: '│', end: '└', chosen: '●', other: '○' },
  dim: (text) => text,
}

const menu: Menu = {
  question: 'How many requests does it cost to take the connection away from HTTP?',
  choices: [
    { label: 'none' },
    { label: 'one, and its answer has to be read to its end', hint: 'a hint' },
    { label: 's: no more questions' },
  ],
  marked: 1,
  numbered: false,
  above: 0,
  keys: '↑/↓ and Enter',
}

test('wraps a menu between words and aligns the lines', () => {
  expect(menuLines(menu, signs, { columns: 40, rows: 20 })).toEqual([
    '',
    '◆  How many requests does it cost to',
    '│  take the connection away from HTTP?',
    '│  ○ none',
    '│  ● one, and its answer has to be read',
    '│    to its end (a hint)',
    '│  ○ s: no more questions',
    '│  ↑/↓ and Enter',
    '└',
  ])
})

test.each([30, 40, 80])('keeps every line within a window of %i columns', (columns) => {
  for (const marked of menu.choices.keys()) {
    const lines = menuLines({ ...menu, marked }, signs, { columns, rows: 24 })
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns)
  }
})

test('shows the choices around the mark if there are more than rows', () => {
  const choices = Array.from({ length: 20 }, (_, at) => ({ label: `choice ${at}` }))
  for (const marked of [0, 1, 9, 18, 19]) {
    const lines = menuLines({ ...menu, choices, marked }, signs, { columns: 80, rows: 10 })
    expect(lines.length).toBeLessThanOrEqual(10)
    expect(lines).toContain(`│  ● choice ${marked}`)
    expect(lines.filter((line) => line === '│  …')).toHaveLength(marked > 1 && marked < 18 ? 2 : 1)
  }
})

test('keeps the chosen label below the question, and only the question after a cancel', () => {
  const window = { columns: 80, rows: 24 }
  const question = ['', `◆  ${menu.question}`]
  expect(chosenLines(menu, signs, window)).toEqual([
    ...question,
    '│  one, and its answer has to be read to its end',
  ])
  expect(chosenLines({ ...menu, marked: undefined }, signs, window)).toEqual(question)
})

test('numbers the choices, and shows all hints if they fit', () => {
  const choices = ['wire', 'state', 'terminal'].map((label) => ({ label, hint: `about ${label}` }))
  const numbered = { ...menu, question: 'Which?', choices, numbered: true }
  const shown = (rows: number): string[] =>
    menuLines(numbered, signs, { columns: 20, rows }).filter((line) => /[a-z]{3}/.test(line))
  expect(shown(24)).toEqual([
    '◆  Which?',
    '│  ○ 1 wire',
    '│    (about wire)',
    '│  ● 2 state',
    '│    (about state)',
    '│  ○ 3 terminal',
    '│    (about',
    '│    terminal)',
    '│  ↑/↓ and Enter',
  ])
  expect(menuLines({ ...numbered, above: 16 }, signs, { columns: 20, rows: 24 })).toEqual(
    menuLines(numbered, signs, { columns: 20, rows: 8 }),
  )
  expect(shown(8)).toEqual([
    '◆  Which?',
    '│  ○ 1 wire',
    '│  ● 2 state',
    '│    (about state)',
    '│  ○ 3 terminal',
    '│  ↑/↓ and Enter',
  ])
})

test('numbers only the first nine choices', () => {
  const choices = Array.from({ length: 11 }, (_, at) => ({ label: `choice ${at + 1}` }))
  const lines = menuLines({ ...menu, choices, numbered: true }, signs, { columns: 80, rows: 24 })
  expect(lines.filter((line) => line.includes('choice')).slice(8)).toEqual([
    '│  ○ 9 choice 9',
    '│  ○   choice 10',
    '│  ○   choice 11',
  ])
})

test('wraps a line of keys between keys', () => {
  const keys = [
    { key: 'Enter', label: 'next' },
    { key: 'v', label: 'views' },
    { key: 'x', label: 'experiment' },
    { key: 'q', label: 'chapters' },
  ]
  expect(keyLines(keys, { columns: 80, rows: 24 })).toEqual([
    'Enter next · v views · x experiment · q chapters',
  ])
  expect(keyLines(keys, { columns: 40, rows: 20 })).toEqual([
    'Enter next · v views · x experiment',
    'q chapters',
  ])
})
