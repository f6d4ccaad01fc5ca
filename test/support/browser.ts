/**
 * A headless browser for the pages that the workbook exports: the installed
 * Chromium, driven by Playwright.
 *
 * @module
 */

import { spawnSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { describe, test } from 'vitest'
import { isEngineRequired } from './engine.ts'

/** How to open a page. */
export type PageOptions = {
  readonly width: number
  readonly height?: number
  /** Whether scripts run. Default: true. */
  readonly scripts?: boolean
  readonly dark?: boolean
  /** Emulates print media. */
  readonly print?: boolean
  /** The fragment to append to the address: `#event-3`. */
  readonly hash?: string
}

/** An open page, with its requests and errors from the start of loading. */
export type OpenedPage = {
  readonly page: Page
  /** Every address that the page requested, including its own. */
  readonly requests: readonly string[]
  /** The page's console messages and errors. */
  readonly complaints: readonly string[]
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Returns the path of an installed browser. */
function findBrowser(): string | undefined {
  const lookUp = (name: string): string =>
    spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim()
  return names.map(lookUp).find((path) => path !== '')
}

/**
 * Defines tests that need a browser. Without one they are skipped, with the
 * reason and the fix in their title; if WORKBOOK_REQUIRE_ENGINE is 1, they
 * fail.
 *
 * @param body - gets the path of the browser
 */
export function describeWithBrowser(title: string, body: (path: string) => void): void {
  const path = findBrowser()
  if (path) {
    describe(title, () => body(path))
    return
  }
  const reason = 'Chromium is not installed. Fix: apt-get install chromium'
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
 * Starts a browser with a new profile. It resolves no host names, so remote
 * requests fail.
 */
export function startBrowser(executablePath: string): Promise<Browser> {
  const rules = 'MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'
  // Without a process for graphics, a tenth of the CPU time is saved.
  const graphics = ['--disable-gpu', '--disable-software-rasterizer', '--in-process-gpu']
  return chromium.launch({
    executablePath,
    args: [`--host-resolver-rules=${rules}`, ...graphics],
  })
}

/** Opens a file in a new page. */
export function openPage(browser: Browser, file: string, look: PageOptions): Promise<OpenedPage> {
  return openAddress(browser, pathToFileURL(file).href + (look.hash ?? ''), look)
}

/** Opens an address in a new page. */
export async function openAddress(
  browser: Browser,
  url: string,
  look: PageOptions,
): Promise<OpenedPage> {
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
