/**
 * A real browser without a window, to look at pages that the workbook makes.
 *
 * It is Chromium, driven through two pipes: it listens nowhere, and it ends when the pipes do.
 *
 * @module
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { describe, test } from 'vitest'
import { type Connection, connect, type Result } from './devtools.ts'
import { isEngineRequired } from './engine.ts'
import { removeFolder, temporaryFolder } from './folder.ts'

/** What a page is opened with. */
export type Look = {
  readonly width: number
  readonly height?: number
  /** Whether scripts may run. They may, unless told otherwise. */
  readonly scripts?: boolean
  readonly dark?: boolean
  /** As if on paper. */
  readonly print?: boolean
  /** What stands behind the file's name: `#event-3`. */
  readonly hash?: string
}

/** A page that is open. */
export type Page = {
  /** The value of an expression in the page. It works where the page's own scripts are off, too. */
  readonly evaluate: <Value>(expression: string) => Promise<Value>
  /** Presses and releases a key: `ArrowRight`, `Tab`, `Enter`. */
  readonly press: (key: string, modifiers?: { readonly shift?: boolean }) => Promise<void>
  /** Clicks in the middle of the first element that this selector finds. */
  readonly click: (selector: string) => Promise<void>
  /** Every address that the page asked for so far, its own included. */
  readonly requests: () => readonly string[]
  /** What the page's console said, and what the browser refused or reported. */
  readonly complaints: () => readonly string[]
  /** What can be seen now, as a PNG. */
  readonly screenshot: () => Promise<Buffer>
}

/** A browser that is running. */
export type Browser = {
  /** Opens a file in a page of its own. */
  readonly open: (file: string, look: Look) => Promise<Page>
  /** Ends it. */
  readonly stop: () => Promise<void>
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The command that starts a browser on this machine. */
export function findBrowser(): string | undefined {
  return names.find((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0)
}

/**
 * A group of tests that need a browser. Without one they are skipped, with the reason and the fix
 * in their title, or they fail, if WORKBOOK_REQUIRE_ENGINE is 1.
 */
export function describeWithBrowser(title: string, body: (command: string) => void): void {
  const command = findBrowser()
  if (command) {
    describe(title, () => body(command))
    return
  }
  const reason = 'there is no Chromium on this machine. Fix: apt-get install chromium'
  describe(`${title} (${reason})`, () => {
    if (!isEngineRequired()) {
      console.warn(`The tests of ${title} are skipped: ${reason}`)
      test.skip('needs a browser', () => {})
      return
    }
    test('needs a browser', () => {
      throw new Error(reason)
    })
  })
}

const live = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of live) child.kill('SIGKILL')
})

/** Nothing that a browser does by itself: no updates, no telling home, no first page. */
const switches = [
  '--headless',
  '--remote-debugging-pipe',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
  '--hide-scrollbars',
  // Whatever it asks for all the same finds nobody.
  '--host-resolver-rules=MAP * ~NOTFOUND',
]

/** Starts a browser with a profile of its own, which goes with it. */
export async function startBrowser(command: string): Promise<Browser> {
  const profile = temporaryFolder('wbweb')
  const child = spawn(command, [...switches, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  })
  live.add(child)
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => {
      live.delete(child)
      removeFolder(profile)
      resolve()
    })
    child.once('error', () => resolve())
  })
  const connection = connect(child.stdio[3] as Writable, child.stdio[4] as Readable)
  return {
    open: (file, look) => openPage(connection, file, look),
    async stop() {
      // Its answer may be lost with the pipe; that it has ended is what counts.
      void connection.send('Browser.close').catch(() => {})
      await closed
    },
  }
}

async function openPage(connection: Connection, file: string, look: Look): Promise<Page> {
  const { targetId } = await connection.send('Target.createTarget', { url: 'about:blank' })
  const attached = await connection.send('Target.attachToTarget', { targetId, flatten: true })
  const sessionId = attached.sessionId as string
  const send = (method: string, params?: Result) => connection.send(method, params, sessionId)

  const requests: string[] = []
  const complaints: string[] = []
  let loaded = (): void => {}
  const isLoaded = new Promise<void>((resolve) => {
    loaded = resolve
  })
  connection.listen(sessionId, (method, params) => {
    if (method === 'Network.requestWillBeSent') {
      requests.push((params.request as { url: string }).url)
    }
    if (method === 'Page.loadEventFired') loaded()
    if (method === 'Log.entryAdded') complaints.push((params.entry as { text: string }).text)
    if (method === 'Runtime.exceptionThrown' || method === 'Runtime.consoleAPICalled') {
      complaints.push(JSON.stringify(params))
    }
  })
  for (const domain of ['Page', 'Network', 'Runtime', 'Log']) await send(`${domain}.enable`)
  await send('Emulation.setScriptExecutionDisabled', { value: look.scripts === false })
  await send('Emulation.setDeviceMetricsOverride', {
    width: look.width,
    height: look.height ?? 800,
    deviceScaleFactor: 1,
    mobile: false,
  })
  await send('Emulation.setEmulatedMedia', {
    media: look.print ? 'print' : 'screen',
    features: [{ name: 'prefers-color-scheme', value: look.dark ? 'dark' : 'light' }],
  })
  await send('Page.navigate', { url: pathToFileURL(file).href + (look.hash ?? '') })
  await isLoaded

  async function evaluate<Value>(expression: string): Promise<Value> {
    const answer = await send('Runtime.evaluate', { expression, returnByValue: true })
    const { result, exceptionDetails } = answer as {
      result: { value: Value }
      exceptionDetails?: object
    }
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails))
    return result.value
  }

  return {
    evaluate,
    async press(key, { shift = false } = {}) {
      const pressed = { key, code: key, modifiers: shift ? 8 : 0 }
      await send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...pressed })
      await send('Input.dispatchKeyEvent', { type: 'keyUp', ...pressed })
    },
    async click(selector) {
      const at = await evaluate<{ x: number; y: number }>(`(() => {
        const box = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect()
        return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
      })()`)
      const where = { ...at, button: 'left', clickCount: 1 }
      await send('Input.dispatchMouseEvent', { type: 'mousePressed', ...where })
      await send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...where })
    },
    requests: () => requests,
    complaints: () => complaints,
    async screenshot() {
      const { data } = await send('Page.captureScreenshot', { format: 'png' })
      return Buffer.from(data as string, 'base64')
    },
  }
}
