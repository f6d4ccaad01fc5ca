/**
 * Ctrl-Z in an interactive shell with job control.
 *
 * @module
 */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { tapeText } from '../../src/tape/keep.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'
import { openTerminal, type Terminal } from '../support/pty.ts'
import { root, script } from '../support/scripts.ts'
import { terminalTape } from '../support/tapes.ts'

const showCursor = '\x1b[?25h'
const leaveAlternateScreen = '\x1b[?1049l'

function open(command: string, ...args: string[]): { terminal: Terminal; folder: string } {
  const folder = temporaryFolder('wbstop')
  onTestFinished(() => removeFolder(folder))
  const env = { CI: '', ACCESSIBLE: undefined, PS1: 'SHELL> ', ENV: '', XDG_STATE_HOME: folder }
  const terminal = openTerminal(command, args, { env, cwd: root })
  onTestFinished(terminal.stop)
  return { terminal, folder }
}

const openShell = () => open('sh', '-i')

describe.skipIf(process.platform === 'win32')('Ctrl-Z', () => {
  test('at a menu returns to the shell, and fg redraws the same menu', async () => {
    const { terminal } = openShell()
    await terminal.waitFor('SHELL> ')
    const before = terminal.modes()
    terminal.type('npm run chapter -- --practice\r')
    await terminal.waitFor('Which chapter?')
    await terminal.waitFor('└')
    terminal.type('\x1b[B')
    await terminal.waitFor('How does an HTTP request')
    terminal.type('\x1a')
    await terminal.waitFor(showCursor)
    await terminal.waitFor('SHELL> ')
    // A shell's line editor sets its own modes. The modes that a command gets
    // are cooked.
    terminal.type('stty -g | cut -d: -f1-4\r')
    await terminal.waitFor(before.split(':').slice(0, 4).join(':'))
    terminal.type('fg\r')
    await terminal.waitFor('Which chapter?')
    await terminal.waitFor('How does an HTTP request')
    terminal.type('\x1b[B')
    await terminal.waitFor('Whose connection is it now?')
    terminal.type('\x03')
    await terminal.waitFor('Everything has been restored.')
    await terminal.waitFor('SHELL> ')
    terminal.type('echo "left with $?"; jobs; exit\r')
    await terminal.waitFor('left with 0')
    const end = await terminal.ended
    expect(end.modesAfter).toBe(end.modesBefore)
    expect(end.screen.toString()).not.toMatch(/jobs.*Stopped/s)
  })

  test('in the viewer restores the shell’s screen, and fg redraws the page', async () => {
    const { terminal, folder } = openShell()
    const file = join(folder, 'session.tape')
    writeFileSync(file, tapeText(terminalTape()))
    await terminal.waitFor('SHELL> ')
    terminal.type(`npm run replay ${file}\r`)
    await terminal.waitFor('1/')
    terminal.type('n')
    await terminal.waitFor('2/')
    terminal.type('\x1a')
    await terminal.waitFor(leaveAlternateScreen)
    await terminal.waitFor('SHELL> ')
    terminal.type('fg\r')
    await terminal.waitFor('2/')
    terminal.type('q')
    await terminal.waitFor(leaveAlternateScreen)
    terminal.type('exit\r')
    const end = await terminal.ended
    expect(end.modesAfter).toBe(end.modesBefore)
  })

  test('without a job-control shell redraws the menu and does not suspend', async () => {
    const { terminal } = open(...script('chapter', '--practice'))
    await terminal.waitFor('Which chapter?')
    for (const chapter of ['How does an HTTP request', 'Whose connection is it now?']) {
      await terminal.waitFor('└')
      terminal.type('\x1b[B')
      await terminal.waitFor(chapter)
      terminal.type('\x1a')
      await terminal.waitFor('Which chapter?')
      await terminal.waitFor(chapter)
    }
    await terminal.waitFor('└')
    terminal.type('\x03')
    const end = await terminal.ended
    expect(end.code).toBe(0)
    expect(end.modesAfter).toBe(end.modesBefore)
  })
})
