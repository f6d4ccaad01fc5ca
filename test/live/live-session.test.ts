/**
 * A real session in a real terminal, and its live page in a real browser.
 *
 * @module
 */

import { connect } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { describeWithBrowser, openAddress, startBrowser } from '../support/browser.ts'
import { describeWithEngine, startContainer } from '../support/engine.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'
import { openTerminal, type Terminal } from '../support/pty.ts'
import { run } from '../support/run.ts'
import { script } from '../support/scripts.ts'

/** Returns the address that a command printed. */
function addressIn(output: Buffer): string {
  const [, url = ''] = /Live page: (http:\S+)/.exec(output.toString()) ?? []
  return url
}

/** Whether the server of a page is still listening. */
function isServed(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) })
    socket.on('error', () => resolve(false))
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}

describeWithEngine('a run with a live page', (engine) => {
  async function commandFor(...options: string[]) {
    const container = await startContainer()
    const state = temporaryFolder('wblive')
    onTestFinished(container.release)
    onTestFinished(() => removeFolder(state))
    const [command, ...words] = script('chapter', '--live', ...options, container.name)
    const env = { DOCKER_HOST: engine.host, XDG_STATE_HOME: state, NO_COLOR: '1', CI: '' }
    return { command, words, env }
  }

  /** Starts a session in a terminal and waits for its prompt. */
  async function session(...options: string[]): Promise<{ terminal: Terminal; url: string }> {
    const { command, words, env } = await commandFor('--plain', ...options, '7')
    const settings = Object.entries(env).map((pair) => pair.join('='))
    const terminal = openTerminal('env', [...settings, command, ...words])
    onTestFinished(terminal.stop)
    await terminal.waitFor('# ')
    return { terminal, url: addressIn(terminal.screen()) }
  }

  test('prints the address of the page before the stages begin, and exits with the exit code of the command', async () => {
    const { command, words, env } = await commandFor('7')
    const { stdout, code } = await run(command, [...words, 'sh', '-c', 'exit 3'], { env })
    expect(stdout.toString()).toMatch(
      /\nLive page: http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\n.*create/s,
    )
    expect(code).toBe(3)
    expect(await isServed(addressIn(stdout))).toBe(false)
  })

  test('prints the address on stderr if stdout gets JSON', async () => {
    const { command, words, env } = await commandFor('--json', '1')
    const { stdout, stderr } = await run(command, words, { env })
    expect(JSON.parse(stdout.toString()).stages).toHaveLength(1)
    expect(await isServed(addressIn(stderr))).toBe(false)
  })

  test('ends even if a browser does not read its events', async () => {
    const { terminal, url } = await session()
    const { port, pathname } = new URL(url)
    const reader = connect({ host: '127.0.0.1', port: Number(port) })
    onTestFinished(() => void reader.destroy())
    reader.on('error', () => {})
    reader.pause()
    reader.write(`GET ${pathname}/changes?since=1 HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    terminal.type('exit 4\r')
    expect((await terminal.ended).code).toBe(4)
    expect(await isServed(url)).toBe(false)
  })

  test('has its page in the guide before the run begins and until the guide ends', async () => {
    const { command, words, env } = await commandFor('2')
    const settings = Object.entries(env).map((pair) => pair.join('='))
    const terminal = openTerminal('env', [...settings, command, ...words])
    onTestFinished(terminal.stop)
    await terminal.waitFor(/http:\/\/127\S+[0-9a-f]{32}/)
    const [url = ''] = /http:\/\/127\S+[0-9a-f]{32}/.exec(terminal.screen().toString()) ?? []
    const shown = async () => (await fetch(url)).text()
    expect(await shown()).toContain('The run has not started.')
    await terminal.waitFor('run it')
    terminal.type('\r')
    await expect.poll(shown).toContain('The daemon agrees')
    await expect.poll(shown).toContain('The run is over')

    process.kill(terminal.pid(), 'SIGTERM')
    const { code, modesBefore, modesAfter } = await terminal.ended
    expect([code, modesAfter]).toEqual([143, modesBefore])
    expect(await isServed(url)).toBe(false)
  })

  test('closes its page when a signal ends it', async () => {
    const { terminal, url } = await session()
    expect(await isServed(url)).toBe(true)
    process.kill(terminal.pid(), 'SIGINT')
    const { code, modesBefore, modesAfter } = await terminal.ended
    expect([code, modesAfter]).toEqual([130, modesBefore])
    expect(await isServed(url)).toBe(false)
  })

  describeWithBrowser('in a browser', (path) => {
    let browser: Browser
    beforeAll(async () => {
      browser = await startBrowser(path)
    })
    afterAll(() => browser?.close())

    /** Opens the page with functions that read what it shows. */
    async function open(url: string) {
      const opened = await openAddress(browser, url, { width: 1440, height: 900 })
      onTestFinished(() => opened.page.close())
      const { page } = opened
      // The page loads before its connection for changes opens.
      await expect.poll(() => page.evaluate('source.readyState')).toBe(1)
      const text = (selector: string) =>
        page.evaluate<string>(
          `[...document.querySelectorAll('${selector}')].map((one) => one.innerText).join(' ').replace(/\\s+/g, ' ')`,
        )
      return {
        ...opened,
        text,
        /**
         * Polls until an element has a text. The page's policy forbids
         * waiting inside the page.
         */
        waitFor: (selector: string, words: string) =>
          expect.poll(() => text(selector)).toContain(words),
        /** Whether the newest row is marked and in the window. */
        follows: () =>
          page.evaluate<boolean>(`(() => {
            const newest = [...document.querySelectorAll('.row')].at(-1)
            const { top, bottom } = newest.getBoundingClientRect()
            return newest.hasAttribute('aria-current') && top < innerHeight && bottom > 0
          })()`),
      }
    }

    test('shows key presses, raw mode, a window resize and the end', async () => {
      const { terminal, url } = await session('--keep-typed')
      const page = await open(url)
      // Events from before the browser opened are there.
      expect(await page.text('.begins h2')).toContain('4 raw mode')
      expect(await page.text('.moment')).toContain('your terminal raw')
      expect(await page.text('.moment')).toMatch(/flags off .*\bicanon\b.*window 24 rows/)
      expect(await page.text('#terminal tr.changed')).toContain('icanon icanon -icanon')
      expect(await page.text('.live p')).toContain('Live')
      expect(await page.text('#exit-code')).toContain('not ended')

      for (const [key, hex] of [
        ['l', '6c'],
        ['s', '73'],
      ] as const) {
        terminal.type(key)
        await page.waitFor('.sent', `${hex} ${key}`)
        await page.waitFor('.received', `${hex} ${key}`)
        expect(await page.follows()).toBe(true)
      }
      terminal.type('\r')
      await page.waitFor('.received', 'proc')

      terminal.resize(100, 30)
      await page.waitFor('.window', 'Window size: 30 rows, 100 columns')
      await page.waitFor('.request', 'resize?h=30&w=100 connection 1')
      await page.waitFor('.moment', '30 rows, 100 columns')

      terminal.type('exit 5\r')
      await page.waitFor('.live p', 'The run is over. The workbook has closed this page')
      expect((await terminal.ended).code).toBe(5)
      expect(await page.text('.exit-code')).toBe('5')
      expect(await page.text('.moment')).toContain('your terminal cooked')
      expect(await page.text('.moment')).toContain('connection 2 ended')
      expect(await page.text('#terminal')).toContain('Terminal settings are the same as before.')
      expect(await page.text('mark')).toBe('"ExitCode":5,')
      expect(page.complaints).toEqual([])
      expect(new Set(page.requests.map((one) => one.split('?')[0]))).toEqual(
        new Set([url, `${url}/changes`]),
      )
      expect(await isServed(url)).toBe(false)
    })

    test('shows only the length of a password typed without echo', async () => {
      const { terminal, url } = await session()
      const page = await open(url)
      terminal.type('stty -echo; printf "word"; printf ": "; read w; stty echo; echo "got" it\r')
      await terminal.waitFor('word: ')
      terminal.type('geheim-7391\r')
      await page.waitFor('.received', 'got it')
      const shown = await page.page.content()
      const hex = Buffer.from('geheim')
        .toString('hex')
        .replace(/..(?=.)/g, '$& ')
      expect(shown).not.toContain('geheim')
      expect(shown).not.toContain(hex)
      expect(await page.text('.sent')).toContain('Typed 12 bytes')
    })

    test('does not scroll a reader away until they follow again', async () => {
      const { terminal, url } = await session()
      const { page, text, waitFor, follows } = await open(url)
      const top = () => page.evaluate<number>('document.scrollingElement.scrollTop')
      expect(await follows()).toBe(true)

      await page.mouse.move(400, 400)
      await page.mouse.wheel(0, -20_000)
      await expect.poll(top).toBe(0)
      terminal.type('echo re""ading\r')
      await waitFor('.received', 'reading')
      expect(await top()).toBe(0)
      expect(await follows()).toBe(false)

      await page.click('text=Follow the run')
      expect(await follows()).toBe(true)
      terminal.type('echo fol""lowing\r')
      await waitFor('.received', 'following')
      expect(await follows()).toBe(true)

      // Stepping back stops following.
      await page.keyboard.press('ArrowLeft')
      await page.keyboard.press('ArrowLeft')
      const marked = await text('[aria-current]')
      terminal.type('echo st""ill\r')
      await waitFor('.received', 'still')
      expect(await text('[aria-current]')).toBe(marked)
    })

    test('says that the workbook stopped responding after SIGKILL, and keeps its content', async () => {
      const { terminal, url } = await session()
      const page = await open(url)
      process.kill(terminal.pid(), 'SIGKILL')
      await page.waitFor('.live p', 'Connection lost. Retrying')
      expect(await isServed(url)).toBe(false)
      await page.waitFor('.live p', 'The workbook has stopped responding')
      expect(await page.text('.begins h2')).toContain('7 exit code')
    })

    test('closes its page when the terminal is closed', async () => {
      const { terminal, url } = await session()
      const page = await open(url)
      await terminal.stop()
      await page.waitFor('.live p', 'The workbook has closed this page')
      expect(await isServed(url)).toBe(false)
    })

    test('does not run markup that a command prints', async () => {
      const { terminal, url } = await session()
      const page = await open(url)
      terminal.type(
        `printf '%s' '<img src=x onerror="globalThis.harmed=true"><script>globalThis.harmed=true</script>'; sleep 1; echo do""ne\r`,
      )
      await page.waitFor('.received', 'done')
      expect(await page.page.evaluate('globalThis.harmed')).toBeUndefined()
      expect(await page.page.evaluate('document.querySelectorAll("img").length')).toBe(0)
      expect(page.complaints).toEqual([])
    })
  })
})
