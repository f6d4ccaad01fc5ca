/**
 * The drawn menus of the guide: in, back and out, by what is to be seen on the screen.
 *
 * @module
 */

import { describe, expect, onTestFinished, test } from 'vitest'
import { removeFolder, temporaryFolder } from '../support/folder.ts'
import { openTerminal, type Terminal } from '../support/pty.ts'
import { seenLines } from '../support/screen.ts'
import { script } from '../support/scripts.ts'

/** Lower than a chapter with its first menu, so that the menu stands at the bottom. */
const size = { columns: 80, rows: 18 }

function openGuide(...args: readonly string[]): Terminal {
  const state = temporaryFolder('wbmenus')
  onTestFinished(() => removeFolder(state))
  const [command, ...words] = script('chapter', '--practice', ...args)
  const env = { CI: '', ACCESSIBLE: undefined, XDG_STATE_HOME: state }
  const terminal = openTerminal(command, words, { env, ...size })
  onTestFinished(terminal.stop)
  return terminal
}

describe.skipIf(process.platform === 'win32')('a drawn menu', () => {
  test('chooses a chapter by its number, and Esc and Ctrl-C lead back to it and out', async () => {
    const guide = openGuide()
    await guide.waitFor('Which chapter?')
    await guide.waitFor('└')
    guide.type('2')
    await guide.waitFor('Chapter 2 of 7: start')
    await guide.waitFor('q chapters')
    guide.type('\x03')
    await guide.waitFor('Which chapter?')
    await guide.waitFor('└')
    const lines = await seenLines(guide.screen(), size)
    expect(lines.filter((line) => line.includes('q chapters'))).toEqual([])
    guide.type('\x1b')
    const { code, modesBefore, modesAfter, screen } = await guide.ended
    expect(code).toBe(0)
    expect(modesAfter).toBe(modesBefore)
    expect(screen.lastIndexOf('\x1b[?25h')).toBeGreaterThan(screen.lastIndexOf('\x1b[?25l'))
  })
})
