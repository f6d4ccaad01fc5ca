import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Container, describeWithEngine, startContainer } from '../support/engine.ts'
import { openTerminal, type Terminal } from '../support/pty.ts'
import { script } from '../support/scripts.ts'

/** The text on the screen when a chapter's stage owns the terminal. */
const readyText: Readonly<Record<number, string>> = {
  4: 'To get out: q',
  5: '# ',
  6: '# ',
  7: '# ',
}

describeWithEngine('the terminal guard', (engine) => {
  // A workbook that is killed could not remove a sandbox.
  let box: Container
  beforeAll(async () => {
    box = await startContainer()
  })
  afterAll(() => box?.release())

  function open(name: 'chapter' | 'exec', args: string[]): Terminal {
    const [command, ...words] = script(name, ...args)
    const terminal = openTerminal(command, words, {
      env: { DOCKER_HOST: engine.host, NO_COLOR: '1' },
      staysOpen: true,
    })
    onTestFinished(terminal.stop)
    return terminal
  }

  async function untilRaw(terminal: Terminal): Promise<void> {
    await expect.poll(() => terminal.describeModes()).toContain('-icanon')
  }

  const deaths = [4, 5, 6, 7].flatMap((chapter) =>
    (['SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGINT', 'SIGKILL', 'SIGSEGV'] as const).map(
      (signal) => [chapter, signal] as const,
    ),
  )
  test.each(deaths)('restores the terminal in chapter %i after %s', async (chapter, signal) => {
    const terminal = open('chapter', ['--plain', String(chapter), box.name])
    await terminal.waitFor(readyText[chapter] ?? '')
    await untilRaw(terminal)
    process.kill(terminal.pid(), signal)
    const { modesBefore, code } = await terminal.ended
    expect(code).toBeGreaterThan(128)
    await expect.poll(() => terminal.modes()).toBe(modesBefore)
    await expect.poll(() => terminal.screen().toString()).toContain('\x1b[?25h')
    if (signal === 'SIGKILL') expect(terminal.screen().toString()).toContain('\x1b[23;0t')
  })
})
