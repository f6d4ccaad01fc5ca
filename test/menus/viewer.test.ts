/**
 * The viewer: its keys, its search, and its messages at the limits.
 *
 * @module
 */

import { describe, expect, onTestFinished, test } from 'vitest'
import { openTerminal, type Terminal } from '../support/pty.ts'
import { seenLines } from '../support/screen.ts'

const program = ['-r', './src/process/typescript.cjs', '--', 'test/support/view-program.ts']

function view(size: { columns: number; rows: number }): Terminal {
  const terminal = openTerminal('node', program, { env: { CI: '', NO_COLOR: '1' }, ...size })
  onTestFinished(terminal.stop)
  return terminal
}

describe.skipIf(process.platform === 'win32')('the viewer', () => {
  const size = { columns: 80, rows: 24 }

  async function screen(terminal: Terminal): Promise<string[]> {
    return seenLines(terminal.screen(), size)
  }

  test('selects a view by digit, unfolds, and says when it reaches the last page', async () => {
    const viewer = view(size)
    await viewer.waitFor('[1 wire]')
    expect((await screen(viewer)).at(-1)).toMatch(/^↑↓ scroll {2}1–2 view .* q back {2}21\/60$/)
    viewer.type('o')
    await viewer.waitFor('line 1, open')
    viewer.type('2')
    await viewer.waitFor('[2 source]')
    // This view starts further down; Home shows its beginning.
    await viewer.waitFor('code 10')
    expect((await screen(viewer))[2]).toBe('code 10')
    viewer.type('\x1b[H')
    await viewer.waitFor('code 1\r')
    viewer.type('\x1b[F')
    await viewer.waitFor('code 40')
    viewer.type('n')
    await viewer.waitFor('stage two')
    viewer.type('n')
    await viewer.waitFor('This is the last stage.')
    viewer.type('q')
    await viewer.waitFor('ended by q')
    const { modesBefore, modesAfter } = await viewer.ended
    expect(modesAfter).toBe(modesBefore)
  })

  test('finds a word forward and back, and says so if there is no match', async () => {
    const viewer = view(size)
    await viewer.waitFor('[1 wire]')
    viewer.type('/')
    await viewer.waitFor('Enter: find')
    viewer.type('LINE 5')
    await viewer.waitFor('/LINE 5')
    viewer.type('\r')
    await viewer.waitFor('1 of 11: LINE 5  f next')
    expect((await screen(viewer))[2]).toBe('line 5')
    viewer.type('f')
    await viewer.waitFor('2 of 11')
    expect((await screen(viewer))[2]).toBe('line 50')
    viewer.type('F')
    await viewer.waitFor('1 of 11')
    viewer.type('/')
    await viewer.waitFor('Enter: find')
    viewer.type('nowhere\r')
    await viewer.waitFor('Not found in this view: nowhere')
    viewer.type('\x03')
    await viewer.waitFor('ended by ctrl-c')
  })

  test('shows its keys in 40 columns', async () => {
    const viewer = view({ columns: 40, rows: 20 })
    await viewer.waitFor('? keys')
    // A view longer than the window shows the scroll keys first.
    expect((await seenLines(viewer.screen(), { columns: 40, rows: 20 })).at(-1)).toMatch(
      /^↑↓ scroll/,
    )
    viewer.type('?')
    await viewer.waitFor('1 … 2')
    await viewer.waitFor('q Esc ^C')
    const lines = await seenLines(viewer.screen(), { columns: 40, rows: 20 })
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40)
    viewer.type('q')
    await viewer.waitFor('? keys')
    viewer.type('\x1b')
    await viewer.waitFor('ended by escape')
  })
})
