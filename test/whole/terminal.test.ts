/**
 * Every way to end, in a real pseudo-terminal, restores the terminal.
 *
 * @module
 */

import { expect, onTestFinished, test } from 'vitest'
import { describeWithEngine } from '../support/engine.ts'
import { openTerminal, type Terminal } from '../support/pty.ts'
import { script } from '../support/scripts.ts'

describeWithEngine('in a terminal', (engine) => {
  function open(
    name: 'chapter' | 'exec',
    args: string[],
    env: Record<string, string> = {},
  ): Terminal {
    const [command, ...words] = script(name, ...args)
    const terminal = openTerminal(command, words, {
      env: { DOCKER_HOST: engine.host, NO_COLOR: '1', ...env },
    })
    onTestFinished(terminal.stop)
    return terminal
  }

  test.each([1, 2, 3])('chapter %i restores the terminal', async (last) => {
    const { code, modesBefore, modesAfter, screen } = await open('chapter', [
      '--plain',
      String(last),
    ]).ended
    expect(code, screen.toString()).toBe(0)
    expect(modesAfter).toBe(modesBefore)
    expect(screen.toString()).toContain('Terminal settings are the same as before.')
  })

  test('chapter 4 shows the bytes of keys until q and restores the terminal', async () => {
    const terminal = open('chapter', ['--plain', '4'])
    await terminal.waitFor('To get out: q')
    terminal.type('a')
    await terminal.waitFor(/61 +a\r\n/)
    expect(terminal.describeModes()).toMatch(/-icanon.*-echo |-echo .*-icanon/s)
    expect(terminal.describeModes()).toContain('-opost')
    terminal.type('\x03')
    await terminal.waitFor(/03 +\^C\r\n/)
    terminal.type('\x1b[A')
    await terminal.waitFor(/1b 5b 41 +\^\[\[A\r\n/)
    terminal.type('é')
    await terminal.waitFor(/c3 a9 +é\r\n/)
    terminal.type('q')
    const { code, modesBefore, modesAfter, screen } = await terminal.ended
    expect(code).toBe(0)
    expect(modesAfter).toBe(modesBefore)
    expect(screen.toString()).toMatch(/icanon +-icanon +icanon/)
    expect(screen.toString()).toMatch(/opost +-opost +opost/)
  })

  test.each([5, 6, 7])('chapter %i restores the terminal after a session', async (last) => {
    const terminal = open('chapter', ['--plain', String(last)])
    await terminal.waitFor('To get out: exit or Ctrl-D')
    await terminal.waitFor('# ')
    terminal.type('echo $((6 * 7))\n')
    await terminal.waitFor('42')
    if (last > 5) {
      terminal.resize(100, 30)
      // The size arrives some time after the window changes.
      terminal.type('while [ "$(stty size)" != "30 100" ]; do sleep 0.1; done; echo resi""zed\n')
      await terminal.waitFor('resized')
    }
    terminal.type('exit 5\n')
    const { code, modesBefore, modesAfter, screen } = await terminal.ended
    expect(code).toBe(last === 7 ? 5 : 0)
    expect(modesAfter).toBe(modesBefore)
    if (last > 5) expect(screen.toString()).toMatch(/resize\?h=30&w=100/)
    if (last === 7) expect(screen.toString()).toContain('The exit code is 5.')
  })

  test('the detach keys end a session and restore the terminal', async () => {
    const terminal = open('chapter', ['--plain', '7'])
    await terminal.waitFor('# ')
    terminal.type('\x10\x11')
    const { code, modesBefore, modesAfter, screen } = await terminal.ended
    expect(code).toBe(1)
    expect(modesAfter).toBe(modesBefore)
    expect(screen.toString()).toContain('read escape sequence')
  })

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const)(
    'a session restores the terminal on %s',
    async (signal) => {
      const chapter = open('chapter', ['--plain', '7'])
      await chapter.waitFor('# ')
      process.kill(chapter.pid(), signal)
      const { code, modesBefore, modesAfter } = await chapter.ended
      expect(code).toBe({ SIGTERM: 143, SIGINT: 130, SIGHUP: 129, SIGQUIT: 131 }[signal])
      expect(modesAfter).toBe(modesBefore)
    },
  )

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const)(
    'a menu restores the modes and the cursor on %s',
    async (signal) => {
      // With CI set there would be no menu.
      const chapter = open('chapter', ['4'], { CI: '' })
      await chapter.waitFor('\x1b[?25l')
      process.kill(chapter.pid(), signal)
      const { code, modesBefore, modesAfter, screen } = await chapter.ended
      expect(code).toBe({ SIGTERM: 143, SIGINT: 130, SIGHUP: 129, SIGQUIT: 131 }[signal])
      expect(modesAfter).toBe(modesBefore)
      expect(screen.lastIndexOf('\x1b[?25h')).toBeGreaterThan(screen.lastIndexOf('\x1b[?25l'))
    },
  )

  test('exec mentions the practice daemon at a terminal without an engine', async () => {
    const exec = open('exec', ['-it', 'web', 'sh'], { DOCKER_HOST: 'unix:///nope' })
    const { code, screen } = await exec.ended
    expect(code).toBe(1)
    expect(screen.toString()).toBe(
      'Cannot connect to the Docker daemon at unix:///nope. Is the docker daemon running?\r\n' +
        'No Docker? npm run daemon starts the practice daemon and prints how to use it.\r\n',
    )
  })

  test('keeps the terminal cooked with NORAW', async () => {
    const terminal = open('chapter', ['7', '--json'], { NORAW: '1' })
    await terminal.waitFor('# ')
    expect(terminal.describeModes()).not.toContain('-icanon')
    terminal.type('exit\n')
    expect((await terminal.ended).code).toBe(0)
  })
})
