/**
 * The drawn menus of the guide, by what is to be seen on the screen.
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

const escapeKey = '\x1b'
const down = '\x1b[B'

describe.skipIf(process.platform === 'win32')('a drawn menu', () => {
  test('that is left with its shortcut leaves no line of it behind, and says what was chosen', async () => {
    const guide = openGuide('1')
    await guide.waitFor('s: no more questions')
    await guide.waitFor('└')
    guide.type('s')
    await guide.waitFor('And now?')
    await guide.waitFor('└')

    const question = /^. {2}1 of /
    const lines = await seenLines(guide.screen(), size)
    const questions = lines.filter((line) => question.test(line))
    expect(questions).toHaveLength(1)
    const at = lines.findIndex((line) => question.test(line))
    expect(lines[at + 1]).toBe('│  s: no more questions, run it')
    expect(lines.filter((line) => line.includes('I would rather see'))).toEqual([])
    guide.type('\x03')
    expect((await guide.ended).code).toBe(130)
  })

  test('is gone back from with Esc, from the deepest one to the end', async () => {
    const guide = openGuide('1')
    await guide.waitFor('└')
    guide.type(escapeKey)
    await guide.waitFor('And now?')
    await guide.waitFor('└')

    guide.type(`${down.repeat(4)}\r`)
    await guide.waitFor('Change what?')
    await guide.waitFor('└')
    guide.type('\r')
    await guide.waitFor('Which command?')
    await guide.waitFor('└')
    guide.type(`x${escapeKey}`)
    // Nothing was changed: there is no second run, and no comparison.
    await guide.waitFor('And now?')
    await guide.waitFor('└')
    expect(guide.screen().toString()).not.toContain('This run beside')

    guide.type(escapeKey)
    await guide.waitFor('Which chapter?')
    await guide.waitFor('└')
    guide.type(escapeKey)
    const { code, modesBefore, modesAfter, screen } = await guide.ended
    expect(code).toBe(0)
    expect(modesAfter).toBe(modesBefore)
    expect(screen.lastIndexOf('\x1b[?25h')).toBeGreaterThan(screen.lastIndexOf('\x1b[?25l'))
  })

  test('chooses a chapter by its number', async () => {
    const guide = openGuide()
    await guide.waitFor('Which chapter?')
    await guide.waitFor('└')
    guide.type('2')
    await guide.waitFor('Chapter 2 of 7: start')
    await guide.waitFor('└')
    guide.type('\x03')
    expect((await guide.ended).code).toBe(130)
  })
})
