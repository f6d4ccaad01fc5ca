import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  describeWithBrowser,
  openPage,
  type PageOptions,
  startBrowser,
} from '../support/browser.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'
import { buildSite } from '../support/site.ts'

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

/** Three widths: a phone, a small window, a large one. */
const widths = [390, 820, 1440] as const

/** A source page stands for all of them. */
const sourcePage = 'source/src/stream/frames.html'

/** Runs in the page: its width, if that is more than the window's. */
const tooWide = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement
  return scrollWidth > clientWidth ? [scrollWidth + ' pixels wide'] : []
})()`

/** Runs in the page: what axe finds, with the first place of each. */
const violationsOnPage = `axe.run({ preload: false }).then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ': ' + nodes[0].html + ' (' + nodes.length + ' times)'),
)`

describeWithBrowser('the site, in a browser', (command) => {
  let browser: Browser
  let paths: string[] = []
  const folder = temporaryFolder('wbsite')

  beforeAll(async () => {
    const pages = await buildSite(folder)
    paths = pages
      .map(({ path }) => path)
      .filter((path) => !path.startsWith('source/') || path === sourcePage)
    browser = await startBrowser(command)
  })
  afterAll(async () => {
    await browser?.close()
    removeFolder(folder)
  })

  const open = (path: string, look: PageOptions) => openPage(browser, join(folder, path), look)

  /** Opens every page in turn and returns what is wrong with them. */
  async function faults(look: PageOptions, faultsOf: (page: Page) => Promise<string[]>) {
    const found: string[] = []
    for (const path of paths) {
      const { page, requests, complaints } = await open(path, look)
      const remote = requests.filter((url) => !url.startsWith(pathToFileURL(folder).href))
      const all = [...complaints, ...remote, ...(await faultsOf(page))]
      found.push(...all.map((fault) => `${path}: ${fault}`))
      await page.close()
    }
    return found
  }

  for (const width of widths) {
    test(`nothing is wider than a window of ${width} pixels, with and without script`, async () => {
      const overflow = (page: Page) => page.evaluate<string[]>(tooWide)
      expect(await faults({ width }, overflow)).toEqual([])
      expect(await faults({ width, scripts: false }, overflow)).toEqual([])
    })
  }

  for (const dark of [false, true]) {
    test(`axe finds nothing on any page, ${dark ? 'dark' : 'light'}`, async () => {
      const look = { width: dark ? 390 : 1440, dark }
      const violations = await faults(look, async (page) => {
        await page.evaluate(axe)
        return page.evaluate<string[]>(violationsOnPage)
      })
      expect(violations).toEqual([])
    })
  }

  test('the search finds a section by its words, and the keyboard leads there', async () => {
    const { page } = await open('index.html', { width: 1440 })
    await page.keyboard.press('/')
    await page.keyboard.type('half-close')
    await page.waitForSelector('#search-results a')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL(/half-close|#/)
    expect(await page.textContent('main')).toMatch(/half-close/i)
  })

  test('without script there is no search box, and the contents open', async () => {
    const { page } = await open('glossary.html', { width: 1440, scripts: false })
    expect(await page.isVisible('.search')).toBe(false)
    await page.click('.contents summary')
    await page.click('.contents a >> text=All commands')
    expect(await page.textContent('h1')).toMatch(/commands/i)
  })
})
