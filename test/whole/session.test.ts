/**
 * A live session with its tasks: the output before, during and after it, and
 * what is restored however it ends.
 *
 * @module
 */

import { describe, expect, onTestFinished, test } from 'vitest'
import { describeWithEngine, startContainer } from '../support/engine.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'
import { openTerminal, type Terminal } from '../support/pty.ts'
import { seenLines } from '../support/screen.ts'
import { root, script } from '../support/scripts.ts'

const window = { columns: 80, rows: 24 }
const leaveAlternateScreen = '\x1b[?1049l'

describeWithEngine('a session', (engine) => {
  function openWords(
    [command = '', ...words]: string[],
    env: Record<string, string> = {},
  ): Terminal {
    const folder = temporaryFolder('wbsession')
    onTestFinished(() => removeFolder(folder))
    const terminal = openTerminal(command, words, {
      env: { DOCKER_HOST: engine.host, NO_COLOR: '1', XDG_STATE_HOME: folder, CI: '', ...env },
      cwd: root,
    })
    onTestFinished(terminal.stop)
    return terminal
  }
  const open = (args: string[], env: Record<string, string> = {}): Terminal =>
    openWords(script('chapter', ...args), env)

  /** Types a command at the prompt and waits for the next prompt. */
  async function run(terminal: Terminal, line: string): Promise<void> {
    terminal.type(`${line}\r`)
    await terminal.waitFor(line)
    await terminal.waitFor('# ')
  }

  /**
   * Presses Ctrl-C until the prompt is back, because the first one may arrive
   * before the shell has started sleep.
   */
  async function interruptSleep(terminal: Terminal): Promise<void> {
    terminal.type('sleep 100\r')
    await terminal.waitFor('sleep 100\r\n')
    const again = setInterval(() => terminal.type('\x03'), 300)
    await terminal.waitFor('# ').finally(() => clearInterval(again))
  }

  async function openVi(terminal: Terminal): Promise<void> {
    terminal.type('vi f\r')
    await terminal.waitFor('\x1b[?1049h')
    await terminal.waitFor('~')
  }

  const linesOf = async (terminal: Terminal): Promise<string[]> =>
    (await seenLines(terminal.screen(), window)).map((line) => line.trimEnd())

  test('of chapter 5 lists its tasks, and afterwards the finished ones with evidence', async () => {
    const terminal = open(['--plain', '5'])
    await terminal.waitFor('1 Type ls / and press Enter')
    await terminal.waitFor('To get out: exit or Ctrl-D ends the shell')
    await terminal.waitFor('# ')
    await run(terminal, 'ls /')
    await interruptSleep(terminal)
    terminal.type('exit\r')
    const { code, screen } = await terminal.ended
    expect(code, screen.toString()).toBe(0)
    const lines = await linesOf(terminal)
    const from = lines.findIndex((line) => line.includes('the terminal is yours again'))
    const text = lines.slice(from).join('\n')
    expect(text).toMatch(
      /✓ Type ls \/ and press Enter: sent 5 bytes; got back \d+ of echo and \d+ of/,
    )
    expect(text).toContain('✓ Run sleep 100 and press Ctrl-C: one byte, 03\n')
    expect(text).toContain('  · Open vi, then type :q! to quit\n')
    // Our text comes after the heading, so it can't be mistaken for output of
    // the shell.
    expect(lines.findIndex((line) => line.includes('4 raw mode'))).toBeGreaterThan(from)
    expect(screen.includes('\x1b]2;')).toBe(false)
  })

  test('of chapter 6 reports each change of the window', async () => {
    const terminal = open(['--plain', '6'])
    await terminal.waitFor('1 Make the window smaller')
    await terminal.waitFor('# ')
    for (const [rows, columns] of [
      [20, 60],
      [22, 70],
      [24, 80],
    ] as const) {
      terminal.resize(columns, rows)
      const asked = `while [ "$(stty size)" != "${rows} ${columns}" ]; do sleep 0.1; done`
      terminal.type(`${asked}; echo resi""zed\r`)
      await terminal.waitFor('resized')
    }
    await terminal.waitFor('# ')
    await run(terminal, 'stty size')
    terminal.type('exit\r')
    const { screen } = await terminal.ended
    const text = screen.toString()
    expect(text).toContain('✓ Make the window smaller: 20 rows, 60 columns')
    expect(text).toContain('✓ Make the window larger: 22 rows, 70 columns')
    expect(text).toContain('it prints 24 80')
    expect(text).toMatch(/was resized 3 times/)
  })

  test('has the evidence of its tasks in the JSON', async () => {
    // The session is on stderr, which is the terminal; the document goes to a
    // file.
    const folder = temporaryFolder('wbsession')
    onTestFinished(() => removeFolder(folder))
    const file = `${folder}/run.json`
    const terminal = openWords([
      ...['sh', '-c', 'f=$1; shift; "$@" >"$f"; echo "code $?"; cat "$f"', 'sh', file],
      ...script('chapter', '--json', '7'),
    ])
    await terminal.waitFor('# ')
    await run(terminal, 'false')
    await run(terminal, 'echo $?')
    terminal.type('exit 5\r')
    await terminal.waitFor('code 5')
    const { screen } = await terminal.ended
    const text = screen.toString()
    const { tasks } = JSON.parse(text.slice(text.indexOf('\n{'))) as {
      tasks: { name: string; done: boolean; evidence: string | null }[]
    }
    expect(tasks.map(({ name, done }) => [name, done])).toEqual([
      ['false', true],
      ['130', false],
      ['exit 5', true],
    ])
    expect(tasks[2]?.evidence).toBe('the shell exited with 5')
  })

  test('of a command other than a shell has no shell tasks and no exit', async () => {
    const box = await startContainer()
    onTestFinished(box.release)
    const { screen } = await open(['--plain', '5', box.name, 'ls', '/']).ended
    expect(screen.toString()).toContain('The session ends when the command does. Ctrl-C goes to')
    expect(screen.toString()).not.toMatch(/Try:|ends the shell|✓/)
  })

  test('detached inside vi restores the screen and the modes that vi set', async () => {
    const terminal = open(['--plain', '5'])
    await terminal.waitFor('# ')
    // Modes that vim sets and busybox vi does not.
    await run(terminal, "printf '\\033[?1000h\\033[?2004h\\033[>4;2m\\033='")
    await openVi(terminal)
    terminal.type('\x10\x11')
    const { code, modesBefore, modesAfter, screen } = await terminal.ended
    expect(code).toBe(0)
    expect(modesAfter).toBe(modesBefore)
    const after = screen.subarray(screen.lastIndexOf('\x1b[?1049h'))
    for (const sequence of [
      leaveAlternateScreen,
      '\x1b[?1000l',
      '\x1b[?2004l',
      '\x1b[>4m',
      '\x1b>',
    ]) {
      expect(after.includes(sequence), JSON.stringify(sequence)).toBe(true)
    }
    const text = (await linesOf(terminal)).join('\n')
    expect(text).toMatch(/# vi f\n+── the terminal is yours again/)
    expect(text).toContain('· Open vi, then type :q! to quit')
    expect(text.replaceAll(/\s+/g, ' ')).toMatch(/You detached: the command keeps running in \S+/)
    expect(text).not.toContain('Two loops run')
  })

  test.each(['SIGTERM', 'SIGHUP'] as const)(
    'ended inside vi by %s restores the screen',
    async (signal) => {
      const terminal = open(['--plain', '5'])
      await terminal.waitFor('# ')
      await openVi(terminal)
      process.kill(terminal.pid(), signal)
      const { modesBefore, modesAfter, screen } = await terminal.ended
      expect(modesAfter).toBe(modesBefore)
      const entered = screen.lastIndexOf('\x1b[?1049h')
      expect(screen.lastIndexOf(leaveAlternateScreen)).toBeGreaterThan(entered)
    },
  )

  test('shows finished tasks in the window title and restores the title', async () => {
    const terminal = open(['5'], { TERM: 'xterm' })
    await terminal.waitFor('Enter run it')
    await terminal.waitFor('chapters')
    terminal.type('\r')
    await terminal.waitFor('\x1b[22;0t')
    await terminal.waitFor('\x1b]2;0 of 4 done. Next: Type ls / and press Enter\x07')
    await terminal.waitFor('# ')
    await run(terminal, 'ls /')
    await terminal.waitFor('\x1b]2;✓ ls (1 of 4). Next: Run sleep 100 and press Ctrl-C\x07')
    terminal.type('\x04')
    await terminal.waitFor('\x1b[23;0t')
    await terminal.waitFor('✓ End the shell with Ctrl-D')
    process.kill(terminal.pid(), 'SIGTERM')
    const { modesBefore, modesAfter } = await terminal.ended
    expect(modesAfter).toBe(modesBefore)
  })

  test('without a TTY exits 130 on Ctrl-C, like an interrupted program', async () => {
    const terminal = open(['--plain', '--no-tty', '7'])
    await terminal.waitFor('Ctrl-D ends your input')
    terminal.type('sleep 100\n')
    await terminal.waitFor('sleep 100')
    terminal.type('\x03')
    const { code, screen, modesBefore, modesAfter } = await terminal.ended
    expect(code).toBe(130)
    expect(modesAfter).toBe(modesBefore)
    expect(screen.toString()).toContain('SIGINT: stopped; everything has been restored')
  })

  test.each([5, 7])(
    'without a TTY returns to the guide in chapter %i after Ctrl-C, under npm too',
    async (chapter) => {
      const npm = ['npm', 'run', 'chapter', '--', '--no-tty', String(chapter)]
      const terminal = openWords(npm, { ACCESSIBLE: '1' })
      await terminal.waitFor('run it')
      await terminal.waitFor('Number from 1')
      terminal.type('1\n')
      await terminal.waitFor('Ctrl-D ends your input')
      terminal.type('sleep 100\n')
      await terminal.waitFor('sleep 100')
      terminal.type('\x03')
      await terminal.waitFor('the terminal is yours again')
      await terminal.waitFor('Number from 1')
      // EOF leaves the guide.
      terminal.type('\x04')
      const { modesBefore, modesAfter, screen } = await terminal.ended
      expect(modesAfter).toBe(modesBefore)
      expect(screen.toString()).not.toContain('SIGINT')
      expect(screen.toString().replaceAll(/\s+/g, ' ')).toContain('Everything has been restored.')
    },
  )
})

describe.skipIf(process.platform === 'win32')('the keys of chapter 4', () => {
  test('are tasks that are ticked when pressed, in a narrow window too', async () => {
    const folder = temporaryFolder('wbsession')
    onTestFinished(() => removeFolder(folder))
    const [command, ...words] = script('chapter', '--plain', '--practice', '4')
    const env = { NO_COLOR: '1', XDG_STATE_HOME: folder }
    const size = { columns: 40, rows: 20 }
    const terminal = openTerminal(command, words, { env, ...size })
    onTestFinished(terminal.stop)
    await terminal.waitFor('out: q')
    await expect.poll(() => terminal.describeModes()).toContain('-icanon')
    terminal.type('\x03')
    await terminal.waitFor('✓ Press Ctrl-C: one byte, 03')
    terminal.type('世')
    await terminal.waitFor('世 is 3')
    terminal.type('q')
    const { code } = await terminal.ended
    expect(code).toBe(0)
    const lines = await seenLines(terminal.screen(), size)
    expect(lines.filter((line) => line.startsWith('  ✓ Press Ctrl-C'))).toHaveLength(2)
    expect(lines).toContain('  · Press an arrow key')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40)
  })
})
