/**
 * The live page of simulated runs, in a browser.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createScope } from '../../src/course/scope.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { timelineHtml } from '../../src/export/page.ts'
import { openLivePage } from '../../src/live/live-page.ts'
import { hasBytes, type Tape } from '../../src/tape/event.ts'
import { createRecorder, type Recorder } from '../../src/tape/recorder.ts'
import {
  describeWithBrowser,
  openAddress,
  type PageOptions,
  startBrowser,
} from '../support/browser.ts'
import { hostileTape, hostileText, pipeTape, terminalTape } from '../support/tapes.ts'

const engine = {
  host: 'unix:///run/somewhere/docker.sock',
  product: hostileText,
  version: '28.5.2',
  apiVersion: '1.51',
} as Engine

/** Records the events of a tape. */
function play({ events }: Tape, { note, bytes }: Recorder): void {
  for (const event of events) {
    // The recorder derives these two.
    if (event.kind === 'upgrade' || event.kind === 'frame') continue
    if (hasBytes(event)) bytes(event.kind, Buffer.from(event.hex ?? '', 'hex'))
    else note(event)
  }
}

describeWithBrowser('a live page in a browser', (path) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser(path)
  })
  afterAll(() => browser?.close())

  async function open(look: PageOptions) {
    const recorder = createRecorder()
    const scope = createScope()
    const options = { place: { engine, recorder }, last: 7, stages: ['create'], typed: true }
    const { url } = await openLivePage(options, scope)
    onTestFinished(scope.releaseAll)
    const opened = await openAddress(browser, url, look)
    onTestFinished(() => opened.page.close())
    const count = () => opened.page.evaluate<number>('document.querySelectorAll(".row").length')
    const status = () =>
      opened.page.evaluate<string>('document.querySelector(".live p").textContent')
    const isAtNewest = () =>
      opened.page.evaluate<boolean>(`(() => {
        const newest = [...document.querySelectorAll('.row')].at(-1)
        const { top, bottom } = newest.getBoundingClientRect()
        return newest.hasAttribute('aria-current') && top < innerHeight && bottom > 0
      })()`)
    return { ...opened, recorder, count, status, isAtNewest }
  }

  test('says whether the run has not started, is running or is over', async () => {
    const { recorder, status, count } = await open({ width: 1000 })
    expect(await status()).toBe('Live: the run has not started yet.')
    recorder.begin()
    recorder.note({ kind: 'window', rows: 24, columns: 80 })
    await expect.poll(count).toBe(1)
    expect(await status()).toBe('Live: this page updates during the run.')
    recorder.note({ kind: 'over', exitCode: 0 })
    await expect.poll(count).toBe(2)
    expect(await status()).toBe('The run is over.')
  })

  test('ends with the same rows as the exported page of the run', async () => {
    const { recorder, page, count } = await open({ width: 1000 })
    recorder.begin()
    const tape = terminalTape()
    for (const event of tape.events) {
      play({ head: tape.head, events: [event] }, recorder)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const events = recorder.events()
    await expect.poll(count).toBe(events.length)
    const exported = timelineHtml({ head: tape.head, events })
    const rows = await page.evaluate<string[]>(
      '[...document.querySelectorAll(".row")].map((row) => row.id + row.textContent)',
    )
    const expected = await page.evaluate<string[]>(
      `[...new DOMParser().parseFromString(${JSON.stringify(exported)}, 'text/html').querySelectorAll('.row')].map((row) => row.id + row.textContent)`,
    )
    expect(rows).toEqual(expected)
  })

  test('follows the next run even if the reader had scrolled away', async () => {
    const { recorder, page, count, isAtNewest } = await open({ width: 1000 })
    recorder.begin()
    play(terminalTape(), recorder)
    await expect.poll(count).toBe(terminalTape().events.length)
    await page.evaluate('window.scrollTo(0, 300)')
    await page.click('[data-step="-1"]')
    expect(await isAtNewest()).toBe(false)

    await new Promise((resolve) => setTimeout(resolve, 2))
    recorder.begin()
    const { head, events } = terminalTape()
    play({ head, events: events.slice(0, 30) }, recorder)
    await expect.poll(count).toBe(30)
    await expect.poll(isAtNewest).toBe(true)
    expect(await page.evaluate('location.hash')).toBe('')
  })

  test('applies the filter to later rows too', async () => {
    const { recorder, page, count } = await open({ width: 1000 })
    recorder.begin()
    recorder.note({ kind: 'window', rows: 24, columns: 80 })
    await expect.poll(count).toBe(1)
    await page.selectOption('select', 'bytes')
    play(terminalTape(), recorder)
    await expect.poll(count).toBe(terminalTape().events.length + 1)
    const groups = await page.evaluate<string[]>(`[...document.querySelectorAll('.row')]
      .filter((row) => row.checkVisibility()).map((row) => row.dataset.group)`)
    expect(new Set(groups)).toEqual(new Set(['stage', 'bytes']))
  })

  test('shows hostile names and output as text', async () => {
    const { recorder, page, count, requests, complaints } = await open({ width: 1000 })
    recorder.begin()
    recorder.note({ kind: 'window', rows: 24, columns: 80 })
    await expect.poll(count).toBe(1)
    play(hostileTape(), recorder)
    await expect.poll(count).toBe(hostileTape().events.length + 1)
    expect(await page.evaluate('globalThis.harmed')).toBeUndefined()
    expect(await page.evaluate('document.querySelectorAll("img").length')).toBe(0)
    expect(await page.evaluate('document.querySelectorAll("script").length')).toBe(1)
    expect(new Set(requests.map((one) => new URL(one).hostname))).toEqual(new Set(['127.0.0.1']))
    expect(complaints).toEqual([])
  })

  test('fits into narrow and wide windows and has enough contrast', async () => {
    const contrast = readFileSync(
      join(import.meta.dirname, '..', 'export', 'weakest-contrast.js'),
      'utf8',
    )
    for (const width of [320, 820, 1440]) {
      for (const dark of [false, true]) {
        const { recorder, page, count } = await open({ width, dark })
        recorder.begin()
        play(pipeTape(), recorder)
        await expect.poll(count).toBeGreaterThan(20)
        await page.evaluate('window.scrollTo(0, 0)')
        await expect.poll(() => page.evaluate('followButton.checkVisibility()')).toBe(true)
        expect(
          await page.evaluate<number>('document.documentElement.scrollWidth'),
        ).toBeLessThanOrEqual(width)
        expect(await page.evaluate(contrast), `${width}`).toBeGreaterThan(4.5)
      }
    }
  })
})
