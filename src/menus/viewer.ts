/**
 * Looks at what has happened, on a screen of its own: several views, as many lines as there are.
 *
 * It draws on the alternate screen, so that what stood on the terminal before is there again after.
 *
 * @module
 */

import { stripVTControlCharacters } from 'node:util'
import type { Scope } from '../course/scope.ts'
import type { Style } from '../text/style.ts'
import { cutText, padText, widthOf, wrapText } from '../text/width.ts'
import { allKeysIn, goesBack, watchKeys } from './keys.ts'
import type { NamedKey } from './menu.ts'

/** One view. Its lines are made for the width that the window has when they are drawn. */
export type View = {
  /** One word, for the row of tabs. */
  readonly name: string
  /** What it shows in a window of so many columns; opened, all that is folded otherwise. */
  readonly lines: (width: number, isOpen?: boolean) => readonly string[]
  /** What can be opened, in a word or two for the help: `IDs and bodies`. */
  readonly opens?: string
  /** The line to begin with. What is above it can be scrolled to. */
  readonly beginsAt?: (width: number) => number
}

/** One page with the same views as every other one: a stage. */
export type ViewedPage = {
  readonly title: string
  readonly views: readonly View[]
  /** A line for a list of all pages. Without one there is no list. */
  readonly listed?: string
}

/** How one goes from page to page, where pages are no stages. */
export type Stepping = {
  /** What a page is, in a word: `stage`, `event`. */
  readonly unit: string
  /** The page that another key than n and p leads to. Undefined where the key is none of these. */
  readonly pageFor: (key: string, page: number) => number | undefined
  /** These keys, for the help. */
  readonly keys: readonly NamedKey[]
  /** These keys in a few letters, for the last row. */
  readonly legend: string
}

/** What the screen shows besides the views: the help, the list of pages, a search being typed. */
type Mode = 'view' | 'help' | 'list' | 'search'

/** Where the viewer stands. `top` is undefined until a view has said where it begins. */
type Place = {
  page: number
  view: number
  top: number | undefined
  isOpen: boolean
  mode: Mode
  /** The page that is marked in the list. */
  marked: number
  /** What is being looked for, or was. */
  wanted: string
  /** Something to say in the last row until the next key. */
  note: string
}

/** A window, without the rows that are no content. */
type Room = { readonly width: number; readonly height: number }

/** The title, the tabs, and the keys at the bottom. */
const frameRows = 3

/** The list of pages stands beside the view in a window of so many columns. */
const wideEnough = 110

/** The width of that list. */
const listWidth = 38

const stages: Stepping = { unit: 'stage', pageFor: () => undefined, keys: [], legend: '' }

/**
 * Shows the pages until the person goes back.
 *
 * @param first - the page to begin with
 * @param view - the view to begin with
 * @returns the key that ended it: `q`, `escape` or `ctrl-c`
 */
export async function viewPages(
  pages: readonly ViewedPage[],
  first: number,
  style: Style,
  scope: Scope,
  stepping: Stepping = stages,
  view = 0,
): Promise<string> {
  const { stdout } = process
  const place: Place = {
    ...{ page: first, view, top: undefined, isOpen: false },
    ...{ mode: 'view', marked: first, wanted: '', note: '' },
  }
  const roomNow = (): Room => ({
    width: stdout.columns || 80,
    height: Math.max(1, (stdout.rows || 24) - frameRows),
  })
  const draw = (): void =>
    void stdout.write(frame({ pages, place, stepping, style, room: roomNow() }))
  // The alternate screen, no cursor, and no wrapping: a line that is too long is cut, so that the
  // rows stay where they are counted to be.
  const takeScreen = (): void => {
    stdout.write('\x1b[?1049h\x1b[?25l\x1b[?7l')
    stdout.on('resize', draw)
  }
  const giveScreenBack = (): void => {
    stdout.off('resize', draw)
    stdout.write('\x1b[?7h\x1b[?25h\x1b[?1049l')
  }
  takeScreen()
  let ignoreKeys = (): void => {}
  const held = scope.hold('viewer', undefined, () => {
    ignoreKeys()
    giveScreenBack()
  })
  const endedBy = await new Promise<string>((resolve) => {
    const takeAgain = (): void => {
      takeScreen()
      draw()
    }
    ignoreKeys = watchKeys(
      (keys, text) => {
        for (const key of place.mode === 'search' ? allKeysIn(text) : keys) {
          if (place.mode === 'view' && goesBack(key)) {
            resolve(key)
            return
          }
          press(key, { pages, place, stepping, style, room: roomNow() })
        }
        draw()
      },
      { release: giveScreenBack, resume: takeAgain },
    )
    draw()
  })
  await held.release()
  return endedBy
}

/** What a key and a drawing need to know. */
type Viewer = {
  readonly pages: readonly ViewedPage[]
  readonly place: Place
  readonly stepping: Stepping
  readonly style: Style
  readonly room: Room
}

function press(key: string, viewer: Viewer): void {
  const { place } = viewer
  place.note = ''
  if (place.mode === 'help') place.mode = 'view'
  else if (place.mode === 'search') typeSearch(key, viewer)
  else if (place.mode === 'list') moveInList(key, viewer)
  else pressInView(key, viewer)
}

function pressInView(key: string, viewer: Viewer): void {
  const { pages, place, stepping } = viewer
  const views = pages[place.page]?.views ?? []
  const page = stepping.pageFor(key, place.page) ?? neighbour(key, place.page)
  const number = Number(key)
  if (page !== undefined) goToPage(page, viewer)
  else if (key === 'right' || key === 'tab') showView((place.view + 1) % views.length, place)
  else if (key === 'left' || key === 'back tab') {
    showView((place.view + views.length - 1) % views.length, place)
  } else if (number >= 1 && number <= views.length) showView(number - 1, place)
  else if (key === '?') place.mode = 'help'
  else if (key === 'l' && hasList(pages)) {
    place.mode = 'list'
    place.marked = place.page
  } else if (key === '/') {
    place.mode = 'search'
    place.wanted = ''
  } else if (key === 'f' || key === 'F') findNext(key === 'f' ? 1 : -1, viewer)
  else if ((key === 'o' || key === 'enter') && views[place.view]?.opens) {
    place.isOpen = !place.isOpen
  } else scroll(key, viewer)
}

function neighbour(key: string, page: number): number | undefined {
  if (key === 'n') return page + 1
  return key === 'p' ? page - 1 : undefined
}

/** Goes there, or says that there is no further one. */
function goToPage(page: number, { pages, place, stepping }: Viewer): void {
  const to = Math.max(0, Math.min(pages.length - 1, page))
  if (to === place.page) {
    const which = to === 0 && (page < 0 || pages.length > 1) ? 'first' : 'last'
    place.note = `This is the ${pages.length === 1 ? 'only' : which} ${stepping.unit}.`
    return
  }
  place.page = to
  place.marked = to
  place.top = undefined
}

function showView(view: number, place: Place): void {
  if (view !== place.view) place.top = undefined
  place.view = view
}

function scroll(key: string, viewer: Viewer): void {
  const { place, room } = viewer
  const top = place.top ?? 0
  const screen = Math.max(1, room.height - 1)
  if (key === 'down' || key === 'j' || key === 'enter') place.top = top + 1
  else if (key === 'up' || key === 'k') place.top = top - 1
  else if (key === 'page down' || key === ' ') place.top = top + screen
  else if (key === 'page up' || key === 'b') place.top = top - screen
  else if (key === 'home' || key === 'g') place.top = 0
  else if (key === 'end' || key === 'G') place.top = Number.MAX_SAFE_INTEGER
}

function moveInList(key: string, viewer: Viewer): void {
  const { pages, place, room } = viewer
  const move = (to: number): void => {
    place.marked = Math.max(0, Math.min(pages.length - 1, to))
  }
  if (key === 'down' || key === 'j' || key === 'n') move(place.marked + 1)
  else if (key === 'up' || key === 'k' || key === 'p') move(place.marked - 1)
  else if (key === 'page down' || key === ' ') move(place.marked + room.height - 1)
  else if (key === 'page up' || key === 'b') move(place.marked - room.height + 1)
  else if (key === 'home' || key === 'g') move(0)
  else if (key === 'end' || key === 'G') move(pages.length - 1)
  else if (key === 'enter' || key === 'right') {
    place.mode = 'view'
    if (place.marked !== place.page) goToPage(place.marked, viewer)
  } else if (key === 'l' || goesBack(key)) place.mode = 'view'
}

function typeSearch(key: string, viewer: Viewer): void {
  const { place } = viewer
  if (key === 'escape' || key === 'ctrl-c') {
    place.mode = 'view'
    place.wanted = ''
  } else if (key === 'enter') {
    place.mode = 'view'
    findNext(0, viewer)
  } else if (key === 'backspace') place.wanted = [...place.wanted].slice(0, -1).join('')
  else if (/^[^\p{Cc}]$/u.test(key)) place.wanted += key
}

/** Scrolls to a line that has what is wanted: 0 for one from here on, 1 behind, -1 before. */
function findNext(direction: -1 | 0 | 1, viewer: Viewer): void {
  const { place } = viewer
  if (place.wanted === '') {
    place.note = 'Nothing to find yet: / and a word.'
    return
  }
  const lines = linesOf(viewer)
  const found = lines.flatMap((line, at) => (hasWanted(line, place.wanted) ? [at] : []))
  if (found.length === 0) {
    place.note = `Not in this view: ${place.wanted}`
    return
  }
  const top = place.top ?? 0
  const next =
    direction < 0
      ? found.findLast((at) => at < top)
      : found.find((at) => (direction > 0 ? at > top : at >= top))
  const to = next ?? (direction < 0 ? found.at(-1) : found[0]) ?? 0
  const more = found.length > 1 ? '  f next' : ''
  place.note = `${found.indexOf(to) + 1} of ${found.length}: ${place.wanted}${more}`
  place.top = to
}

function hasWanted(line: string, wanted: string): boolean {
  return stripVTControlCharacters(line).toLowerCase().includes(wanted.toLowerCase())
}

function hasList(pages: readonly ViewedPage[]): boolean {
  return pages.length > 1 && pages.every(({ listed }) => listed !== undefined)
}

function isListBeside({ pages, room }: Viewer): boolean {
  return hasList(pages) && room.width >= wideEnough
}

/** How wide a view is: the window, without the list beside it. */
function viewWidth(viewer: Viewer): number {
  return isListBeside(viewer) ? viewer.room.width - listWidth - 3 : viewer.room.width
}

function linesOf(viewer: Viewer): readonly string[] {
  const { pages, place } = viewer
  return pages[place.page]?.views[place.view]?.lines(viewWidth(viewer), place.isOpen) ?? []
}

/** One whole screen. It corrects a place that lies behind the last line. */
function frame(viewer: Viewer): string {
  const { pages, place, style, room } = viewer
  const page = pages[place.page] as ViewedPage
  const content = place.mode === 'help' ? helpLines(viewer) : linesOf(viewer)
  const isLonger = content.length > room.height
  if (place.mode !== 'help') {
    const view = page.views[place.view]
    const top = place.top ?? view?.beginsAt?.(viewWidth(viewer)) ?? 0
    place.top = Math.max(0, Math.min(top, content.length - (isFinding(place) ? 1 : room.height)))
  }
  const top = place.mode === 'help' ? 0 : (place.top ?? 0)
  const shown = content.slice(top, top + room.height).map((line) => marked(line, place))
  const counted = isLonger ? `${Math.min(content.length, top + room.height)}/${content.length}` : ''
  const filled = Array.from({ length: room.height }, (_, at) => shown[at] ?? '')
  const rows = [
    style.bold(cutText(page.title, room.width)),
    tabsLine(page.views, place.view, room.width, style),
    ...withList(filled, viewer),
    lastRow(counted, viewer),
  ]
  // Each line is erased before it is written: behind a row that fills the window the cursor still
  // stands on its last character, and would erase that.
  return `\x1b[H${rows.map((row) => `\x1b[K${row}`).join('\r\n')}`
}

/** A line that was found may be the last one, and stands at the top all the same. */
function isFinding({ wanted, note }: Place): boolean {
  return wanted !== '' && note !== ''
}

/** The line, with what is wanted in reverse. Its other colours are left out then. */
function marked(line: string, { wanted, mode }: Place): string {
  if (wanted === '' || mode !== 'view' || !hasWanted(line, wanted)) return line
  const text = stripVTControlCharacters(line)
  const at = text.toLowerCase().indexOf(wanted.toLowerCase())
  const end = at + wanted.length
  return `${text.slice(0, at)}\x1b[7m${text.slice(at, end)}\x1b[27m${text.slice(end)}`
}

/** The list of pages: beside the lines where the window is wide enough, or instead of them. */
function withList(lines: readonly string[], viewer: Viewer): readonly string[] {
  const { place, room } = viewer
  if (place.mode === 'help' || (place.mode !== 'list' && !isListBeside(viewer))) return lines
  const isBeside = isListBeside(viewer)
  const list = listRows(viewer, isBeside ? listWidth : room.width)
  return isBeside ? lines.map((line, at) => `${list[at] ?? ''} │ ${line}`) : list
}

/** As many listed pages as there are rows, the marked one in the middle. */
function listRows({ pages, place, style, room }: Viewer, width: number): string[] {
  const current = place.mode === 'list' ? place.marked : place.page
  const last = Math.max(0, pages.length - room.height)
  const from = Math.max(0, Math.min(last, current - Math.floor(room.height / 2)))
  return Array.from({ length: room.height }, (_, row) => {
    const at = from + row
    const listed = pages[at]?.listed ?? ''
    const text = padText(cutText(`${at === current ? '▸' : ' '} ${listed}`, width), width)
    return at === current ? style.bold(text) : place.mode === 'list' ? text : style.dim(text)
  })
}

/** The names of the views with their digits, the one that is shown in brackets. */
function tabsLine(views: readonly View[], shown: number, width: number, style: Style): string {
  const names = views.map(({ name }, at) => (views.length > 1 ? `${at + 1} ${name}` : name))
  const all = names.map((name, at) => (at === shown ? `[${name}]` : ` ${name} `))
  if (widthOf(all.join('')) <= width) {
    return all.map((name, at) => (at === shown ? style.bold(name) : name)).join('')
  }
  // The view that is shown has its name, and the others have at least their digits.
  return views
    .map(({ name }, at) => (at === shown ? style.bold(`[${name}]`) : `${at + 1}`))
    .join(' ')
}

function lastRow(counted: string, viewer: Viewer): string {
  const { place, style, room } = viewer
  if (place.mode === 'search') return cutText(`/${place.wanted}▏  Enter: find`, room.width)
  if (place.note !== '') return style.bold(cutText(`${place.note}  ${counted}`, room.width))
  const legend = legendFor(viewer, room.width - widthOf(counted) - 2)
  return style.dim(`${legend}${counted === '' ? '' : `  ${counted}`}`)
}

/** As many of the keys as there is room for; all of them are behind the question mark. */
function legendFor({ pages, place, stepping }: Viewer, width: number): string {
  if (place.mode === 'help') return cutText('any key: back to the view', width)
  if (place.mode === 'list') return cutText('↑↓ Enter: go there  l: back', width)
  const views = pages[place.page]?.views ?? []
  const many = pages.length > 1
  const words = [
    '↑↓ scroll',
    ...(views.length > 1 ? [`1–${views.length} view`] : []),
    ...(many ? [`n p ${stepping.unit}`] : []),
    ...(stepping.legend === '' ? [] : [stepping.legend]),
    ...(hasList(pages) ? ['l list'] : []),
    ...(views[place.view]?.opens ? [place.isOpen ? 'o fold' : 'o open'] : []),
    '/ find',
  ]
  const end = '? keys  q back'
  for (let count = words.length; count > 0; count -= 1) {
    const legend = [...words.slice(0, count), end].join('  ')
    if (widthOf(legend) <= width) return legend
  }
  return cutText(end, width)
}

/** All keys. */
function helpLines({ pages, place, stepping, style, room }: Viewer): string[] {
  const views = pages[place.page]?.views ?? []
  const opens = views[place.view]?.opens
  const keys: NamedKey[] = [
    ...(views.length > 1
      ? [
          { key: `1 … ${views.length}`, label: 'a view by its number' },
          { key: 'Tab ⇧Tab', label: 'the next view, the one before' },
        ]
      : []),
    { key: '↑ ↓ k j', label: 'a line up or down' },
    { key: 'Space b', label: 'a screen down or up' },
    { key: 'Home End', label: 'the beginning and the end' },
    { key: 'n p', label: `the next ${stepping.unit}, the one before` },
    ...stepping.keys,
    ...(hasList(pages) ? [{ key: 'l', label: `a list of every ${stepping.unit}` }] : []),
    { key: 'o Enter', label: opens ? `open or fold ${opens}` : 'open what is folded' },
    { key: '/', label: 'find a word; Enter ends it' },
    { key: 'f F', label: 'the next place where it stands, the one before' },
    { key: 'Ctrl-Z', label: 'stop, and back with fg' },
    { key: 'q Esc ^C', label: 'back' },
  ]
  return keys.flatMap(({ key, label }) =>
    wrapText(label, room.width - 11).map(
      (line, at) => `${at === 0 ? style.bold(padText(key, 10)) : ' '.repeat(10)} ${line}`,
    ),
  )
}
