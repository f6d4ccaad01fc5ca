/**
 * The keys of a question, which are the same when drawn and with numbers.
 *
 * @module
 */

import { describe, expect, onTestFinished, test } from 'vitest'
import { keysIn } from '../../src/menus/keys.ts'
import { openTerminal, type Terminal } from '../support/pty.ts'
import { seenLines } from '../support/screen.ts'

const program = ['-r', './src/process/typescript.cjs', '--', 'test/support/ask-program.ts']
const size = { columns: 40, rows: 20 }
const cancelledText = 'Cancelled. Everything has been restored.'

function ask(form: 'menus' | 'numbers', ...words: string[]): Terminal {
  const env = { CI: '', NO_COLOR: '1' }
  const terminal = openTerminal('node', [...program, form, ...words], { env, ...size })
  onTestFinished(terminal.stop)
  return terminal
}

/**
 * Presses keys at a question and returns the screen once the program has
 * ended.
 */
async function pressed(
  terminal: Terminal,
  shown: string | RegExp,
  keys: string,
): Promise<string[]> {
  await terminal.waitFor(shown)
  terminal.type(keys)
  const { screen, modesBefore, modesAfter } = await terminal.ended
  expect(modesAfter).toBe(modesBefore)
  return seenLines(screen, size)
}

describe('one chunk of input', () => {
  test.each([
    ['\x1b[B\x1b[B\r', ['down', 'down', 'enter']],
    ['\x1bOA', ['up']],
    ['\x1b[4~', ['end']],
    ['s', ['s']],
    ['nnn', ['n', 'n', 'n']],
    ['é', ['é']],
  ])('%j contains keys', (text, keys) => {
    expect(keysIn(text)).toEqual(keys)
  })

  test.each(['echo hi', 'exit 5\r', '世界'])('%j is text and contains no keys', (text) => {
    expect(keysIn(text)).toEqual([])
  })
})

describe.skipIf(process.platform === 'win32')('a drawn menu', () => {
  const three = ['wire', 'state', '<back']

  test.each([
    ['2', 'the answer is state'],
    ['\r', 'the answer is wire'],
    ['\x1b[B\r', 'the answer is state'],
    ['\x1b[F\x1b[H\x1b[B\r', 'the answer is state'],
    ['q', 'the answer is back'],
    ['\x1b', 'the answer is back'],
    ['\x03', 'the answer is back'],
  ])('takes %j', async (keys, answer) => {
    const lines = await pressed(ask('menus', 'choose', ...three), '└', keys)
    expect(lines.at(-1)).toBe(answer)
    expect(lines.filter((line) => line.includes('Which?'))).toHaveLength(1)
  })

  test.each(['q', '\x1b', '\x03'])('without a way back cancels on %j', async (key) => {
    const terminal = ask('menus', 'choose', 'wire', 'state')
    expect((await pressed(terminal, '└', key)).at(-1)).toBe(cancelledText)
    expect((await terminal.ended).code).toBe(130)
  })

  test('does not treat type-ahead text as keys', async () => {
    const terminal = ask('menus', 'choose', 'wire', 'h:hint', 'i:inspect')
    await terminal.waitFor('└')
    terminal.type('echo hi\r')
    // The menu is redrawn after the text, then waits for a key as before.
    await terminal.waitFor('└')
    expect((await pressed(terminal, '', 'i')).at(-1)).toBe('the answer is inspect')
  })

  test('with more than nine choices accepts digits', async () => {
    const choices = Array.from({ length: 11 }, (_, at) => `choice${at + 1}`)
    const lines = await pressed(ask('menus', 'choose', ...choices), '└', '9')
    expect(lines.at(-1)).toBe('the answer is choice9')
  })

  test('shows no numbers if a choice has its own digit', async () => {
    const menu = ask('menus', 'choose', '2:2 start', '1:1 create', '<back')
    const lines = await pressed(menu, '1–2, ↑↓ Enter', '1')
    expect(lines.at(-1)).toBe('the answer is 1 create')
  })
})

describe.skipIf(process.platform === 'win32')('a line of keys', () => {
  const words = ['next', 'v:views', '<chapters']

  test.each([
    ['\r', 'next'],
    ['v', 'views'],
    ['q', 'chapters'],
    ['\x1b', 'chapters'],
    ['\x03', 'chapters'],
  ])('takes %j and disappears', async (key, answer) => {
    const lines = await pressed(ask('menus', 'key', ...words), 'q chapters', key)
    expect(lines).toEqual([`the answer is ${answer}`])
  })

  test('is a numbered list for a screen reader', async () => {
    const terminal = ask('numbers', 'key', ...words)
    await terminal.waitFor(/1\. next\r\n {2}2\. views\r\n {2}3\. chapters/)
    const lines = await pressed(terminal, /or q to\s+go back: $/, 'v\n')
    expect(lines.at(-1)).toBe('the answer is views')
  })
})

describe.skipIf(process.platform === 'win32')('with numbers', () => {
  test('q goes back if possible and cancels otherwise', async () => {
    const back = ask('numbers', 'choose', 'wire', '<back')
    expect((await pressed(back, 'or q to go back: ', 'q\n')).at(-1)).toBe('the answer is back')
    const out = ask('numbers', 'choose', 'wire', 'state')
    expect((await pressed(out, 'or q to leave: ', 'q\n')).at(-1)).toBe(cancelledText)
  })

  test('accepts yes and no as words', async () => {
    const terminal = ask('numbers', 'confirm')
    expect((await pressed(terminal, /or q to\s+go back: $/, 'no\n')).at(-1)).toBe(
      'the answer is false',
    )
  })
})

describe.skipIf(process.platform === 'win32')('yes or no', () => {
  test.each([
    [[], 'true'],
    [['no'], 'false'],
  ])('returns its preset on Enter, with %j', async (words, answer) => {
    const lines = await pressed(ask('menus', 'confirm', ...words), '└', '\r')
    expect(lines.at(-1)).toBe(`the answer is ${answer}`)
  })
})

describe.skipIf(process.platform === 'win32')('a line of text', () => {
  test.each(['\x1b', '\x03'])('stays unchanged on %j', async (key) => {
    const lines = await pressed(ask('menus', 'text'), 'sh', `x${key}`)
    expect(lines.at(-1)).toBe('the answer is sh')
  })
})
