import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { timelineHtml } from '../../src/export/page.ts'
import type { Tape } from '../../src/tape/event.ts'
import {
  describeWithBrowser,
  openPage,
  type PageOptions,
  startBrowser,
} from '../support/browser.ts'
import { removeFolder, temporaryFolder } from '../support/folder.ts'
import { framed, tapeOf } from '../support/tape-parts.ts'
import { hostileTape, hostileText, pipeTape, terminalTape } from '../support/tapes.ts'

describe('the page of a tape, as text', () => {
  test('is one file without references to others', () => {
    const page = timelineHtml(terminalTape())
    expect(page).toMatch(/^<!doctype html>/)
    expect(page).not.toMatch(/<(link|img|iframe|object|embed|audio|video|source|base)\b/i)
    expect(page).not.toMatch(/\b(src|srcset|action|data)=/i)
    expect(page).not.toMatch(/@import|url\(/i)
  })

  test('allows only its own script and style', () => {
    const [, policy = ''] =
      /Content-Security-Policy" content="([^"]*)"/.exec(timelineHtml(pipeTape())) ?? []
    const rules = policy.replaceAll('&#39;', "'")
    expect(rules).toMatch(
      /^default-src 'none'; style-src 'sha256-[^ ;]+'; script-src 'sha256-[^ ;]+';/,
    )
    expect(rules).not.toMatch(/unsafe|https?:|data:|\*/)
  })

  test('escapes all text of the tape', () => {
    const page = timelineHtml(hostileTape())
    expect(page).not.toContain(hostileText)
    expect(page.match(/<script/g)).toHaveLength(1)
    expect(page).not.toMatch(/<img/)
    // A character that reverses the line is spelled out.
    expect(page).not.toContain('\u202e')
  })

  test('marks and explains frame headers byte by byte, even one split in two', () => {
    const page = textOf(timelineHtml(pipeTape()))
    for (const wanted of [
      'Here is the start of a header: the rest comes with the next read.',
      'Here is the rest of a header.',
      '1 is stdout. The payload goes to our standard output.',
      '6 bytes of payload follow.',
      '2 is stderr. The payload goes to our standard error.',
      '39 bytes of payload follow.',
    ]) {
      expect(page).toContain(wanted)
    }
  })

  test('does not mistake payload for a header', () => {
    const looksLikeOne = '\x01\0\0\0\0\0\0\x04'
    const page = timelineHtml(
      tapeOf([{ kind: 'upgrade', framing: 'stdcopy' }, ...framed([['stdout', looksLikeOne]])]),
    )
    expect(page.match(/class="rule-frame-length/g)).toHaveLength(1)
  })

  test('says once, not at every key, that typed input is hidden', () => {
    const page = textOf(timelineHtml(terminalTape({ keepTyped: false })))
    expect(page).toContain('Typed 1 byte')
    expect(page).toContain('Typed input is shown only as its length.')
    expect(page).not.toContain('What was typed is not on the tape.')
    expect(textOf(timelineHtml(terminalTape()))).not.toContain('only the length')
  })

  test('says how many bytes were not recorded', () => {
    const counted = tapeOf([{ kind: 'received', length: 70_000 }])
    const page = textOf(timelineHtml(counted))
    expect(page).toContain('Received 70000 bytes')
    expect(page).toContain('The bytes were counted but not recorded.')
  })

  test('unfolds the answer with the exit code and marks it', () => {
    const answers = timelineHtml(terminalTape()).split('<li class="row ').filter(isAnswer)
    const unfolded = answers.filter((row) => row.includes('<mark>'))
    expect(unfolded).toHaveLength(1)
    expect(unfolded[0]).toContain('<mark>&quot;ExitCode&quot;:5,<wbr></mark>')
    expect(unfolded[0]).toContain('<details open><summary>3 headers')
    // The container's State also has an exit code, which is not ours.
    expect(answers[0]).toContain('<details><summary>')
  })

  test('can be made from an empty tape', () => {
    expect(textOf(timelineHtml(tapeOf([])))).toContain('The tape ends before the run does')
  })
})

describeWithBrowser('the page of a tape, in a browser', (command) => {
  let browser: Browser
  const folder = temporaryFolder('wbpage')
  beforeAll(async () => {
    browser = await startBrowser(command)
  })
  afterAll(async () => {
    await browser?.close()
    removeFolder(folder)
  })

  async function open(tape: Tape, look: PageOptions) {
    const file = join(folder, 'page.html')
    writeFileSync(file, timelineHtml(tape))
    const opened = await openPage(browser, file, look)
    onTestFinished(() => opened.page.close())
    return opened
  }

  test('loads nothing else and causes no browser errors', async () => {
    const { page, requests, complaints } = await open(terminalTape(), { width: 1200 })
    await page.keyboard.press('ArrowRight')
    expect(requests).toEqual([pathToFileURL(join(folder, 'page.html')).href])
    expect(complaints).toEqual([])
  })

  test('shows everything without scripts: events, states, bytes, flags, exit code', async () => {
    const tape = terminalTape()
    const { page } = await open(tape, { width: 900, scripts: false })
    expect(await page.evaluate('document.querySelector(".player").hidden')).toBe(true)
    expect(await page.evaluate('document.querySelectorAll(".row").length')).toBe(tape.events.length)
    // Folded content is on the page and can be unfolded without scripts.
    const text = await page.evaluate<string>('document.body.textContent')
    for (const wanted of [
      'How does the daemon learn what we want to run?',
      'POST /v1.51/containers/box/exec',
      '101 UPGRADED',
      'Connection 2 is hijacked',
      '<raw mode: live>',
      '-icanon',
      'Window size: 40 rows, 120 columns',
      'SIGWINCH',
      'Terminal settings are the same as before.',
    ]) {
      expect(text.replace(/\s+/g, ' ')).toContain(wanted)
    }
    expect(await page.evaluate('document.querySelector(".exit-code").textContent')).toBe('5')
    // Long text is shown as text, with its digits in the meaning.
    const hex = await page.evaluate<string>(
      `[...document.querySelectorAll('.received .field')].flatMap((field) =>
        [...(field.querySelector('button .hex') ? field.querySelectorAll('button .hex') : field.querySelectorAll('.meaning .hex'))]
      ).map((one) => one.textContent).join(' ')`,
    )
    const all = tape.events.map((event) => (event.kind === 'received' ? event.hex : '')).join('')
    expect(hex.replaceAll(' ', '')).toBe(all)
  })

  test('draws the protocol of each connection and when the terminal is raw', async () => {
    const { page } = await open(terminalTape(), { width: 900, scripts: false })
    const lanes = await page.evaluate<string[]>(`[...document.querySelectorAll('.row')].map((row) =>
      [...row.querySelectorAll('.lane')].map((lane) => lane.classList[1]).join(' '))`)
    expect(lanes.filter((one, at) => one !== lanes[at - 1])).toEqual([
      'person cooked process not-open not-open',
      'person cooked process HTTP not-open',
      'person cooked process HTTP HTTP',
      'person cooked process HTTP hijacked',
      'person raw process HTTP hijacked',
      'person raw process HTTP ended',
      'person cooked process HTTP ended',
    ])
  })

  test('steps with keys and buttons and describes each moment', async () => {
    const { page } = await open(terminalTape(), { width: 1300 })
    const current = () => page.evaluate<string>('document.querySelector("[aria-current]").id')
    const moment = () =>
      page.evaluate<string>('document.querySelector(".moment").innerText.replace(/\\s+/g, " ")')
    expect(await current()).toBe('event-0')

    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    expect(await current()).toBe('event-2')
    await page.keyboard.press('ArrowLeft')
    expect(await current()).toBe('event-1')
    expect(await moment()).toContain('window 24 rows, 80 columns connection 1 not open')
    await page.click('[data-step="1"]')
    expect(await current()).toBe('event-2')
    expect(await page.evaluate('document.querySelectorAll("[aria-current]").length')).toBe(1)
    expect(await page.evaluate('location.hash')).toBe('#event-2')

    for (let stage = 2; stage <= 5; stage += 1) await page.keyboard.press('Shift+ArrowRight')
    expect(await moment()).toContain('your terminal raw')
    expect(await moment()).toContain('connection 2 hijacked sent 0 bytes received 2 bytes')
    const state = await page.evaluate<string>('document.querySelector(".state-now").innerText')
    expect(state).toContain('<raw mode: live>')
    expect(state).not.toContain('exitCode')
    const { top, bottom } = await page.evaluate<{ top: number; bottom: number }>(
      'document.querySelector("[aria-current]").getBoundingClientRect().toJSON()',
    )
    expect(top < 800 && bottom > 0).toBe(true)
  })

  test('shows and steps through only the filtered rows', async () => {
    const { page } = await open(terminalTape(), { width: 1300 })
    await page.evaluate(`(() => {
      const filter = document.querySelector('select')
      filter.value = 'http'
      filter.dispatchEvent(new Event('change'))
    })()`)
    const visible = await page.evaluate<string[]>(`[...document.querySelectorAll('.row')]
      .filter((row) => row.checkVisibility()).map((row) => row.dataset.group)`)
    expect(new Set(visible)).toEqual(new Set(['stage', 'http']))
    await page.keyboard.press('ArrowRight')
    const title = await page.evaluate('document.querySelector("[aria-current] .title").innerText')
    expect(title).toContain('GET')
  })

  test('opens at the moment in a link', async () => {
    const { page } = await open(terminalTape(), { width: 1300, hash: '#event-9' })
    expect(await page.evaluate('document.querySelector("[aria-current]").id')).toBe('event-9')
  })

  test('leaves arrow keys to a focused field', async () => {
    const { page } = await open(terminalTape(), { width: 1300 })
    await page.evaluate('document.querySelector("select").focus()')
    await page.keyboard.press('ArrowRight')
    // The field has moved to its next option, as without our script.
    expect(await page.evaluate('document.querySelector("select").value')).toBe('http')
  })

  test('fits into windows from 320 pixels and on paper, with everything unfolded', async () => {
    const looks: PageOptions[] = [
      { width: 320 },
      { width: 320, scripts: false },
      { width: 800 },
      { width: 1300 },
      { width: 700, print: true },
    ]
    for (const look of looks) {
      for (const tape of [terminalTape(), pipeTape(), hostileTape()]) {
        const { page } = await open(tape, look)
        const width = await page.evaluate(`(() => {
          for (const folded of document.querySelectorAll('details')) folded.open = true
          return document.documentElement.scrollWidth
        })()`)
        expect(width, JSON.stringify(look)).toBeLessThanOrEqual(look.width)
        await page.close()
      }
    }
  })

  test('has enough text contrast in light and dark', async () => {
    for (const dark of [false, true]) {
      const { page } = await open(pipeTape(), { width: 900, dark })
      expect(await page.evaluate(weakestContrast), dark ? 'dark' : 'light').toBeGreaterThan(4.5)
    }
  })

  test('has headings in order and named landmarks', async () => {
    const { page } = await open(terminalTape(), { width: 900 })
    const levels = await page.evaluate<number[]>(
      '[...document.querySelectorAll("h1, h2, h3")].map((one) => Number(one.tagName[1]))',
    )
    expect(levels.filter((level) => level === 1)).toHaveLength(1)
    expect(levels.every((level, at) => level <= (levels[at - 1] ?? 0) + 1)).toBe(true)
    expect(await page.evaluate('document.querySelectorAll("main").length')).toBe(1)
    const nameless = `[...document.querySelectorAll('nav, aside, section')].filter((one) =>
      !one.ariaLabel && !document.getElementById(one.getAttribute('aria-labelledby'))).length`
    expect(await page.evaluate(nameless)).toBe(0)
    const ids = await page.evaluate<string[]>(
      '[...document.querySelectorAll("[id]")].map(({ id }) => id)',
    )
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('treats a hostile tape as text: nothing runs and nothing is loaded', async () => {
    const { page, requests, complaints } = await open(hostileTape(), { width: 1300 })
    for (let at = 0; at < 12; at += 1) await page.keyboard.press('ArrowRight')
    expect(await page.evaluate('globalThis.harmed')).toBeUndefined()
    expect(await page.evaluate('document.querySelectorAll("img").length')).toBe(0)
    expect(await page.evaluate('document.querySelectorAll("[onmouseover]").length')).toBe(0)
    expect(requests).toHaveLength(1)
    expect(complaints).toEqual([])
    expect(await page.evaluate('document.querySelector(".failure").textContent')).toContain(
      '</script></style></pre><img src=x onerror=',
    )
  })

  test('blocks an injected script', async () => {
    const file = join(folder, 'broken.html')
    const whole = timelineHtml(pipeTape())
    writeFileSync(
      file,
      whole.replace(
        '<main>',
        '<main><script>globalThis.harmed = true</script><img src="x.png" onerror="globalThis.harmed = true">',
      ),
    )
    const { page, complaints } = await openPage(browser, file, { width: 900 })
    expect(await page.evaluate('globalThis.harmed')).toBeUndefined()
    expect(complaints.join()).toContain('Content Security Policy')
  })
})

const isAnswer = (row: string): boolean => row.startsWith('http answer')

/** Returns the text of a page, with one space between pieces. */
function textOf(page: string): string {
  return page
    .replace(/^.*<body>/s, '')
    .replace(/<script>.*<\/script>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
}

/** Returns the lowest contrast of all visible text, by WCAG's formula. */
const weakestContrast = readFileSync(join(__dirname, 'weakest-contrast.js'), 'utf8')
