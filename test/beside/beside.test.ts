/**
 * A session beside its wire in a real pseudo-terminal, judged by its screen.
 *
 * @module
 */

import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { besideProblem } from '../../src/beside/layout.ts'
import { describeWithEngine, startContainer } from '../support/engine.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'
import { openTerminal, type Terminal } from '../support/pty.ts'
import { seenLines } from '../support/screen.ts'
import { root, script } from '../support/scripts.ts'

const size = { columns: 130, rows: 30 }

/** The width of the session: without the wire and the divider. */
const sessionColumns = 130 - 52 - 1

/** Returns the two parts of the screen. */
async function parts(terminal: Terminal): Promise<{ session: string[]; wire: string[] }> {
  const lines = await seenLines(terminal.screen(), size)
  const rows = lines.slice(-size.rows).map((line) => line.split('│'))
  return {
    session: rows.map(([left = '']) => left.trimEnd()),
    wire: rows.map(([, right = '']) => right.trimEnd()),
  }
}

/** Waits until the two parts of the screen match. */
async function waitUntil(
  terminal: Terminal,
  matches: (parts: { session: string[]; wire: string[] }) => boolean,
): Promise<void> {
  const deadline = Date.now() + 20_000
  for (;;) {
    const seen = await parts(terminal)
    if (matches(seen)) return
    if (Date.now() > deadline)
      throw new Error(`The screen stayed:\n${JSON.stringify(seen, null, 1)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

describeWithEngine('a session beside its wire', (engine) => {
  async function open(...args: readonly string[]): Promise<Terminal> {
    const state = temporaryFolder('wbbeside')
    onTestFinished(() => removeFolder(state))
    const box = await startContainer()
    onTestFinished(box.release)
    const [command, ...words] = script('chapter', '--plain', '--beside', ...args, '7', box.name)
    const env = { DOCKER_HOST: engine.host, NO_COLOR: '1', XDG_STATE_HOME: state }
    const terminal = openTerminal(command, [...words, 'sh'], { ...size, env })
    onTestFinished(terminal.stop)
    return terminal
  }

  const atPrompt = ({ session }: { session: string[] }): boolean =>
    session.some((line) => /[#$]$/.test(line))

  test('shows output on the left and its bytes on the right', async () => {
    const terminal = await open()
    await waitUntil(terminal, atPrompt)
    terminal.type('stty size\r')
    await waitUntil(terminal, ({ session }) => session.includes(`29 ${sessionColumns}`))
    // The wire is drawn after the session.
    await waitUntil(terminal, ({ wire }) => wire.some((line) => line.includes('73 74 74 79')))
    const { wire } = await parts(terminal)
    expect(wire.join('\n')).toContain('connection 2   hijacked')
    expect(wire.join('\n')).toMatch(/your terminal {2}raw, 29 rows and 77 columns/)
    expect(wire.join('\n')).toMatch(/[·✓] Leave the shell with exit 5/)

    terminal.type('exit 5\r')
    const { code, modesBefore, modesAfter, screen } = await terminal.ended
    expect(code).toBe(5)
    expect(modesAfter).toBe(modesBefore)
    expect(screen.lastIndexOf('\x1b[?1049l')).toBeGreaterThan(screen.lastIndexOf('\x1b[?1049h'))
    // The session's output stays on the main screen.
    const text = (await seenLines(screen, size)).join('\n')
    expect(text).toMatch(new RegExp(`29 ${sessionColumns}\n[^\n]*exit 5`))
    expect(text).toContain('The exit code is 5.')
  })

  test('gives a full-screen program the left part, its resizes and its key modes', async () => {
    const terminal = await open()
    await waitUntil(terminal, atPrompt)
    terminal.type('vi /tmp/file\r')
    await waitUntil(terminal, ({ session }) => session.filter((line) => line === '~').length > 20)
    terminal.type('ihello\x1b')
    await waitUntil(terminal, ({ session }) => session[0] === 'hello')
    terminal.resize(130, 24)
    await terminal.waitFor('resize?h=23&w=77')
    await new Promise((resolve) => setTimeout(resolve, 500))
    terminal.type(':q!\r')
    await terminal.waitFor(/[#$] /)
    terminal.type('while [ "$(stty size)" != "23 77" ]; do sleep 0.1; done; echo resi""zed\r')
    await terminal.waitFor('resized')
    terminal.type('exit\r')
    expect((await terminal.ended).code).toBe(0)
  })

  test('sends Ctrl-C to the command as one byte', async () => {
    const terminal = await open()
    await waitUntil(terminal, atPrompt)
    terminal.type('sleep 100\r')
    await waitUntil(terminal, ({ wire }) => wire.join('\n').includes('73 6c 65 65 70'))
    terminal.type('\x03')
    await waitUntil(terminal, ({ wire }) => wire.some((line) => /^2→ 03/.test(line)))
    terminal.type('exit 3\r')
    expect((await terminal.ended).code).toBe(3)
  })

  test('can be left with the detach keys and resets the program’s modes', async () => {
    const terminal = await open()
    await waitUntil(terminal, atPrompt)
    terminal.type("printf '\\033[?1049h\\033[?2004h\\033[?1000h\\033[?1h\\033[?25l'; read x\r")
    await terminal.waitFor('\x1b[?1000h')
    terminal.type('\x10\x11')
    const { code, modesBefore, modesAfter, screen } = await terminal.ended
    expect(code).toBe(1)
    expect(modesAfter).toBe(modesBefore)
    for (const mode of ['2004', '1000', '1', '1049']) {
      const [on, off] = [`\x1b[?${mode}h`, `\x1b[?${mode}l`]
      expect(screen.lastIndexOf(off), mode).toBeGreaterThan(screen.lastIndexOf(on))
    }
    expect(screen.lastIndexOf('\x1b[?25h')).toBeGreaterThan(screen.lastIndexOf('\x1b[?25l'))
  })

  test.each(['SIGTERM', 'SIGHUP'] as const)('restores the screen on %s', async (signal) => {
    const terminal = await open()
    await waitUntil(terminal, atPrompt)
    process.kill(terminal.pid(), signal)
    const { code, modesBefore, modesAfter, screen } = await terminal.ended
    expect(code).toBe({ SIGTERM: 143, SIGHUP: 129 }[signal])
    expect(modesAfter).toBe(modesBefore)
    expect(screen.lastIndexOf('\x1b[?1049l')).toBeGreaterThan(screen.lastIndexOf('\x1b[?1049h'))
  })

  test('shows lines echoed by our terminal, and stderr, without a tty', async () => {
    const terminal = await open('--no-tty')
    await waitUntil(terminal, ({ wire }) => wire.join('\n').includes('hijacked'))
    terminal.type('echo out; echo err >&2\r')
    await waitUntil(terminal, ({ session }) =>
      ['echo out; echo err >&2', 'out', 'err'].every((line) => session.includes(line)),
    )
    await waitUntil(terminal, ({ wire }) => wire.join('\n').includes('stdout, 4 bytes'))
    terminal.type('exit 4\r')
    const { code, modesBefore, modesAfter } = await terminal.ended
    expect(code).toBe(4)
    expect(modesAfter).toBe(modesBefore)
  })

  test('stays responsive when a command writes a hundred thousand lines', async () => {
    const terminal = await open()
    await waitUntil(terminal, atPrompt)
    terminal.type('seq 1 100000; echo do""ne\r')
    await waitUntil(terminal, ({ session }) => session.includes('done'))
    // Drawing skips rows when it cannot keep up.
    expect(terminal.screen().length).toBeLessThan(600_000)
    terminal.type('exit\r')
    expect((await terminal.ended).code).toBe(0)
  })
})

test.skipIf(process.platform === 'win32')(
  '--beside is refused with a reason if the window is too narrow',
  async () => {
    const [command, ...words] = script('chapter', '--practice', '--beside', '7')
    const narrow = openTerminal(command, words, { columns: 80, rows: 24, env: { CI: '' } })
    onTestFinished(narrow.stop)
    const { code, screen } = await narrow.ended
    expect(code).toBe(1)
    const text = (await seenLines(screen, { columns: 80, rows: 24 })).join(' ')
    expect(text).toContain('the window has 80 columns and needs 120')
    expect(screen.includes('\x1b[?1049h')).toBe(false)
  },
)

test.skipIf(process.platform === 'win32')(
  '--beside restores the screen on Ctrl-Z and takes it again on fg',
  async () => {
    const state = temporaryFolder('wbbeside')
    onTestFinished(() => removeFolder(state))
    const env = { CI: '', ACCESSIBLE: undefined, PS1: 'SHELL> ', ENV: '', XDG_STATE_HOME: state }
    const terminal = openTerminal('sh', ['-i'], { ...size, env, cwd: root })
    onTestFinished(terminal.stop)
    await terminal.waitFor('SHELL> ')
    terminal.type('npm run -s chapter -- --practice --plain --beside --no-tty 7\r')
    await waitUntil(terminal, ({ wire }) => wire.join('\n').includes('hijacked'))
    terminal.type('echo one\r')
    await waitUntil(terminal, ({ session }) => session.includes('one'))
    terminal.type('\x1a')
    await terminal.waitFor('\x1b[?1049l')
    // npm stops before us, so the shell may already have written its prompt.
    terminal.type('echo ba""ck\r')
    await terminal.waitFor('back')
    // If fg came before we had stopped, we would stop after it.
    await wait(500)
    terminal.type('fg\r')
    await terminal.waitFor('\x1b[?1049h')
    await waitUntil(terminal, ({ session }) => session.includes('one'))
    terminal.type('exit 2\r')
    await terminal.waitFor('The exit code is 2.')
    await terminal.waitFor('SHELL> ')
    terminal.type('exit\r')
    const { modesBefore, modesAfter } = await terminal.ended
    expect(modesAfter).toBe(modesBefore)
  },
)

test('--beside is refused if text is only appended, and in a pipe', () => {
  const wide = { inputIsTerminal: true, size: () => ({ rows: 30, columns: 130 }) }
  expect(besideProblem(wide, {})).toBeUndefined()
  expect(besideProblem(wide, { ACCESSIBLE: '1' })).toContain('ACCESSIBLE is set')
  expect(besideProblem(wide, { TERM: 'dumb' })).toContain('not a terminal with cursor control')
  expect(besideProblem({ ...wide, size: () => undefined }, {})).toContain('not a terminal')
})
