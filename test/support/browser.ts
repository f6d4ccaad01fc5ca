/**
 * A real browser without a window, to look at pages that the workbook makes: the machine's own
 * Chromium, driven by Playwright.
 *
 * @module
 */

import { spawnSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { describe, test } from 'vitest'
import { isEngineRequired } from './engine.ts'

/** What a page is opened with. */
export type Look = {
  readonly width: number
  readonly height?: number
  /** Whether scripts may run. They may, unless told otherwise. */
  readonly scripts?: boolean
  readonly dark?: boolean
  /** As if on paper. */
  readonly print?: boolean
  /** What comes after the file's name: `#event-3`. */
  readonly hash?: string
}

/** A page that is open, and what has been seen of it since before it was loaded. */
export type Opened = {
  readonly page: Page
  /** Every address that the page asked for, its own included. */
  readonly requests: readonly string[]
  /** What the page's console said, and what the browser refused or reported. */
  readonly complaints: readonly string[]
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The path of a browser on this machine. */
function findBrowser(): string | undefined {
  const lookUp = (name: string): string =>
    spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim()
  return names.map(lookUp).find((path) => path !== '')
}

/**
 * A group of tests that need a browser. Without one they are skipped, with the reason and the fix
 * in their title, or they fail, if WORKBOOK_REQUIRE_ENGINE is 1.
 *
 * @param body - gets the path of the browser
 */
export function describeWithBrowser(title: string, body: (path: string) => void): void {
  const path = findBrowser()
  if (path) {
    describe(title, () => body(path))
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

/**
 * Starts a browser with a profile of its own. It finds no host but this machine: a page that asks
 * for one fails.
 */
export function startBrowser(executablePath: string): Promise<Browser> {
  const rules = 'MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'
  return chromium.launch({ executablePath, args: [`--host-resolver-rules=${rules}`] })
}

/** Opens a file in a page of its own. */
export function openPage(browser: Browser, file: string, look: Look): Promise<Opened> {
  return openAddress(browser, pathToFileURL(file).href + (look.hash ?? ''), look)
}

/** Opens an address in a page of its own. */
export async function openAddress(browser: Browser, url: string, look: Look): Promise<Opened> {
  const page = await browser.newPage({
    viewport: { width: look.width, height: look.height ?? 800 },
    javaScriptEnabled: look.scripts ?? true,
    colorScheme: look.dark ? 'dark' : 'light',
  })
  const requests: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  if (look.print) await page.emulateMedia({ media: 'print' })
  await page.goto(url)
  return { page, requests, complaints }
}
