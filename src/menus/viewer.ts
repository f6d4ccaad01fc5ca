/**
 * Looks at what has happened, on a screen of its own: several views, as many lines as there are.
 *
 * It draws on the alternate screen, so that what stood on the terminal before is there again after.
 *
 * @module
 */

import type { Scope } from '../course/scope.ts'
import { stopJob } from '../terminal/stop-job.ts'
import type { Style } from '../text/style.ts'
import { cutText, widthOf } from '../text/width.ts'
import { left } from './ask.ts'

/** One view. Its lines are made for the width that the window has when they are drawn. */
export type View = {
  /** One word, for the row of tabs. */
  readonly name: string
  /** What it shows in a window of so many columns. */
  readonly lines: (width: number) => readonly string[]
}

/** One page with the same views as every other one: a stage. */
export type ViewedPage = { readonly title: string; readonly views: readonly View[] }

/** Other keys for going from page to page than n and p, where pages are no stages. */
export type Stepping = {
  /** The page that a key leads to from the one at hand. Undefined where the key is none of these. */
  readonly pageFor: (key: string, page: number) => number | undefined
  /** What the last row says of the keys, in a window of so many columns. */
  readonly legend: (width: number) => string
}

/** Where the viewer stands. */
type Place = { page: number; view: number; top: number }

/** The rows that are no content: the title, the tabs, and the keys at the bottom. */
const frameRows = 3

/**
 * Shows the pages until the person goes back.
 *
 * @param first - the page to begin with
 * @throws a failure with exit code 130 on Ctrl-C
 */
export async function viewPages(
  pages: readonly ViewedPage[],
  first: number,
  style: Style,
  scope: Scope,
  stepping: Stepping = stageStepping(pages.length),
): Promise<void> {
  const { stdin, stdout } = process
  const place: Place = { page: first, view: 0, top: 0 }

  const draw = (): void => {
    const width = stdout.columns || 80
    const height = Math.max(1, (stdout.rows || 24) - frameRows)
    stdout.write(frame(pages, place, { width, height }, style, stepping.legend(width)))
  }
  // The alternate screen, no cursor, and no wrapping: a line that is too long is cut, so that the
  // rows stay where they are counted to be.
  const takeTerminal = (): void => {
    stdout.write('\x1b[?1049h\x1b[?25l\x1b[?7l')
    stdin.setRawMode(true)
    stdin.resume()
    stdout.on('resize', draw)
  }
  const giveTerminalBack = (): void => {
    stdout.off('resize', draw)
    stdin.setRawMode(false)
    stdin.pause()
    stdout.write('\x1b[?7h\x1b[?25h\x1b[?1049l')
  }
  takeTerminal()
  const held = scope.hold('viewer', undefined, giveTerminalBack)

  let hasLeft = false
  await new Promise<void>((resolve) => {
    const onKeys = (keys: Buffer): void => {
      for (const key of splitKeys(keys.toString())) {
        if (key === '\x1a') {
          giveTerminalBack()
          stopJob()
          takeTerminal()
          continue
        }
        if (key === '\x03') hasLeft = true
        if (hasLeft || isBack(key)) {
          stdin.off('data', onKeys)
          resolve()
          return
        }
        move(place, key, pages, Math.max(1, (stdout.rows || 24) - frameRows), stepping)
      }
      draw()
    }
    stdin.on('data', onKeys)
    draw()
  })
  await held.release()
  if (hasLeft) throw left()
}

/** Several keys may come in one read: an arrow is three bytes, everything else one character. */
function splitKeys(text: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape character is what an arrow begins with.
  return text.match(/\x1b\[[0-9;]*[A-Za-z~]|\x1bO[A-Z]|[\s\S]/g) ?? []
}

function isBack(key: string): boolean {
  return key === 'q' || key === '\x1b' || key === '\r' || key === '\n'
}

/** A stage a page. */
function stageStepping(pages: number): Stepping {
  return {
    pageFor: (key, page) =>
      key === 'n' ? Math.min(pages - 1, page + 1) : key === 'p' ? Math.max(0, page - 1) : undefined,
    legend: (width) =>
      width >= 60
        ? `←→ view  ↑↓ space scroll${pages > 1 ? '  n p stage' : ''}  q back`
        : `←→ ↑↓${pages > 1 ? ' n p' : ''} q back`,
  }
}

function move(
  place: Place,
  key: string,
  pages: readonly ViewedPage[],
  height: number,
  { pageFor }: Stepping,
): void {
  const views = pages[place.page]?.views.length ?? 1
  const before = `${place.page} ${place.view}`
  const number = Number(key)
  const page = pageFor(key, place.page)
  if (page !== undefined) place.page = page
  else if (key === '\x1b[C' || key === '\t') place.view = (place.view + 1) % views
  else if (key === '\x1b[D' || key === '\x1b[Z') place.view = (place.view + views - 1) % views
  else if (number >= 1 && number <= views) place.view = number - 1
  else if (key === '\x1b[B' || key === 'j') place.top += 1
  else if (key === '\x1b[A' || key === 'k') place.top -= 1
  else if (key === '\x1b[6~' || key === ' ') place.top += height - 1
  else if (key === '\x1b[5~' || key === 'b') place.top -= height - 1
  else if (key === '\x1b[H' || key === 'g') place.top = 0
  else if (key === '\x1b[F' || key === 'G') place.top = Number.MAX_SAFE_INTEGER
  if (before !== `${place.page} ${place.view}`) place.top = 0
}

/** One whole screen. It corrects a place that lies behind the last line. */
function frame(
  pages: readonly ViewedPage[],
  place: Place,
  { width, height }: { readonly width: number; readonly height: number },
  style: Style,
  legend: string,
): string {
  const page = pages[place.page] as ViewedPage
  const lines = page.views[place.view]?.lines(width) ?? []
  place.top = Math.max(0, Math.min(place.top, lines.length - height))
  const end = Math.min(lines.length, place.top + height)
  const counted = lines.length > height ? `${end}/${lines.length}` : ''
  const shown = lines.slice(place.top, place.top + height)
  const rows = [
    style.bold(cutText(page.title, width)),
    tabsLine(page.views, place.view, width, style),
    ...shown,
    ...Array.from({ length: height - shown.length }, () => ''),
    style.dim(cutText(`${legend}  ${counted}`, width)),
  ]
  // Each line is erased before it is written: behind a row that fills the window the cursor still
  // stands on its last character, and would erase that.
  return `\x1b[H${rows.map((row) => `\x1b[K${row}`).join('\r\n')}`
}

/** The names of the views, the one that is shown in brackets. */
function tabsLine(views: readonly View[], shown: number, width: number, style: Style): string {
  const names = views.map(({ name }, at) => (at === shown ? `[${name}]` : ` ${name} `))
  const isNarrow = widthOf(names.join('')) > width
  return names
    .map((name, at) => (at === shown ? style.bold(name) : isNarrow ? name.trim() : name))
    .join(isNarrow ? ' ' : '')
}
