/**
 * The site in a browser: it fits into windows, it is accessible, and its few
 * parts that need a script work.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  describeWithBrowser,
  openPage,
  type PageOptions,
  startBrowser,
} from '../support/browser.ts'
import { builtSite, writtenPages } from '../support/site.ts'

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

type Look = { readonly width: number; readonly dark: boolean; readonly checksAxe: boolean }

/**
 * Three widths: a phone, a small window, a large one. axe is slow, so a phone
 * in the dark and a large window in the light have to do.
 */
const looks: readonly Look[] = [
  { width: 390, dark: true, checksAxe: true },
  { width: 820, dark: false, checksAxe: false },
  { width: 1440, dark: false, checksAxe: true },
]
const looksWithoutScript = looks.map((look) => ({ ...look, dark: !look.dark, checksAxe: false }))

/** One page stands for all pages of its kind. */
const examples: readonly (readonly [kind: RegExp, example: string])[] = [
  [/^source\//, 'source/src/stream/frames.html'],
  [/-transcript\.html$/, 'chapters/05-copy-loops-transcript.html'],
  [/-in-depth\.html$/, 'chapters/05-copy-loops-in-depth.html'],
]

/** Runs in the page: opens all that is folded. */
const openEverything = `for (const one of document.querySelectorAll('main details')) one.open = true`

/** Runs in the page: its width, if that is more than the window's. */
const tooWide = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement
  return scrollWidth > clientWidth ? [scrollWidth + ' pixels wide'] : []
})()`

/** Runs in the page: the rows whose cells do not begin on one line. */
const unevenRows = `[...document.querySelectorAll('.rows > .row[id]')].flatMap((row) => {
  const tops = [...row.children].map((cell) => Math.round(cell.getBoundingClientRect().top))
  return new Set(tops).size > 1 ? [row.id + ': ' + tops] : []
})`

/** Runs in the page: what axe finds, with the first place of each. */
const violationsOnPage = `axe.run({ preload: false, resultTypes: ['violations'] }).then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ': ' + nodes[0].html + ' (' + nodes.length + ' times)'),
)`

describeWithBrowser('the site, in a browser', (command) => {
  let folder = ''
  let browser: Browser
  let paths: string[] = []
  beforeAll(async () => {
    folder = await builtSite()
    paths = writtenPages(folder)
      .map(({ path }) => path)
      .filter((path) => examples.every(([kind, example]) => !kind.test(path) || path === example))
    browser = await startBrowser(command)
  }, 300_000)
  afterAll(() => browser?.close())

  const open = (path: string, look: PageOptions) => openPage(browser, join(folder, path), look)

  /** Opens every page, shows it in each look, and returns what is wrong with it. */
  async function faults(scripts: boolean, inLooks: readonly Look[]): Promise<string[]> {
    const { page, requests, complaints } = await open(paths[0] ?? '', { width: 390, scripts })
    const found: string[] = []
    for (const path of paths) {
      const [asked, said] = [requests.length, complaints.length]
      await page.goto(pathToFileURL(join(folder, path)).href)
      await page.evaluate(openEverything)
      if (scripts) await page.evaluate(axe)
      const all: string[] = []
      for (const { width, dark, checksAxe } of inLooks) {
        await page.setViewportSize({ width, height: 800 })
        await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' })
        const overflow = await page.evaluate<string[]>(tooWide)
        const violations = checksAxe ? await page.evaluate<string[]>(violationsOnPage) : []
        all.push(...[...overflow, ...violations].map((fault) => `at ${width} pixels: ${fault}`))
      }
      const remote = requests
        .slice(asked)
        .filter((url) => !url.startsWith(pathToFileURL(folder).href))
      all.push(...complaints.slice(said), ...remote)
      found.push(...all.map((fault) => `${path}: ${fault}`))
    }
    await page.close()
    return found
  }

  test('every page fits into windows, light and dark, and axe finds nothing', async () => {
    expect(await faults(true, looks)).toEqual([])
  }, 300_000)

  test('every page fits into windows without script, light and dark', async () => {
    expect(await faults(false, looksWithoutScript)).toEqual([])
  }, 300_000)

  test('in a chapter the three columns of each row begin on one line', async () => {
    for (const path of paths.filter((one) => /^chapters\/0\d-[a-z]+(-[a-z]+)?\.html$/.test(one))) {
      const { page } = await open(path, { width: 1440 })
      expect(await page.evaluate(unevenRows), path).toEqual([])
      await page.close()
    }
  })

  test('the meaning of a field opens by a click without script, and by focus with it', async () => {
    const field = '#unpackFrames .rule-frame-length'
    for (const scripts of [false, true]) {
      const { page } = await open('chapters/05-copy-loops.html', { width: 1440, scripts })
      const meaning = page.locator(`${field} + .meaning`).first()
      expect(await meaning.isVisible()).toBe(false)
      if (scripts) await page.locator(field).first().focus()
      else await page.locator(field).first().click()
      if (scripts) await page.keyboard.press('Enter')
      expect(await meaning.textContent()).toMatch(/big-endian.*4 bytes of payload follow/s)
      await expect.poll(() => meaning.isVisible()).toBe(true)
      await page.keyboard.press('Escape')
      await expect.poll(() => meaning.isVisible()).toBe(false)
      await page.close()
    }
  })

  test('on paper everything is unfolded, and the bar is not there', async () => {
    const { page } = await open('chapters/03-hijack.html', { width: 820, print: true })
    expect(await page.isVisible('.bar')).toBe(false)
    expect(await page.locator('.field-table tbody tr').first().isVisible()).toBe(true)
    await page.close()
  })

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
