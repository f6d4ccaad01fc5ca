/**
 * The full-screen viewer: pages with several views of any length.
 *
 * It draws on the alternate screen, so the terminal shows its earlier content
 * again afterwards.
 *
 * @module
 */

import { stripVTControlCharacters } from 'node:util'
import type { Scope } from '../course/scope.ts'
import type { Style } from '../text/style.ts'
import { cutText, padText, widthOf, wrapText } from '../text/width.ts'
import { allKeysIn, goesBack, watchKeys } from './keys.ts'
import type { NamedKey } from './menu.ts'

/** One view. Its lines depend on the current width of the window. */
export type View = {
  /** One word, for the row of tabs. */
  readonly name: string
  /**
   * Returns the lines for a window of this width. With `isOpen`, folded parts
   * are unfolded.
   */
  readonly lines: (width: number, isOpen?: boolean) => readonly string[]
  /** What can be unfolded, for the help: `IDs and bodies`. */
  readonly opens?: string
  /** The line shown first. You can scroll up from it. */
  readonly beginsAt?: (width: number) => number
}

/** One page, such as a stage. All pages have the same views. */
export type ViewedPage = {
  readonly title: string
  readonly views: readonly View[]
  /** The page's line in the list of pages. Without it there is no list. */
  readonly listed?: string
}

/** How to move between pages if the pages aren't stages. */
export type Stepping = {
  /** What one page is: `stage`, `event`. */
  readonly unit: string
  /**
   * Returns the page for a key other than n and p, or undefined if the key
   * means nothing here.
   */
  readonly pageFor: (key: string, page: number) => number | undefined
  /** These keys, for the help. */
  readonly keys: readonly NamedKey[]
  /** These keys in short form, for the last row. */
  readonly legend: string
}

/**
 * What the screen shows: a view, the help, the list of pages, or a search
 * being typed.
 */
type Mode = 'view' | 'help' | 'list' | 'search'

/**
 * The position of the viewer. `top` is undefined until a view has chosen its
 * first line.
 */
type Place = {
  page: number
  view: number
  top: number | undefined
  isOpen: boolean
  mode: Mode
  /** The marked page in the list. */
  marked: number
  /** The current or last search. */
  searchText: string
  /** A message in the last row until the next key. */
  note: string
}

/** The content area of the window. */
type Room = { readonly width: number; readonly height: number }

/** The rows of the title, the tabs and the keys. */
const frameRows = 3

/**
 * In a window at least this wide, the list of pages is shown beside the view.
 */
const minWidthForList = 110

/** The width of that list. */
const listWidth = 38

const stages: Stepping = { unit: 'stage', pageFor: () => undefined, keys: [], legend: '' }

/**
 * Shows the pages until the user goes back.
 *
 * @param first - the page to show first
 * @param view - the view to show first
 * @returns the key that closed the viewer: `q`, `escape` or `ctrl-c`
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
    ...{ mode: 'view', marked: first, searchText: '', note: '' },
  }
  const roomNow = (): Room => ({
    width: stdout.columns || 80,
    height: Math.max(1, (stdout.rows || 24) - frameRows),
  })
  const draw = (): void =>
    void stdout.write(frame({ pages, place, stepping, style, room: roomNow() }))
  // Use the alternate screen, hide the cursor and turn wrapping off: long
  // lines are cut, so rows stay where we count them.
  const takeScreen = (): void => {
    stdout.write('\x1b[?1049h\x1b[?25l\x1b[?7l')
    stdout.on('resize', draw)
  }
  const restoreScreen = (): void => {
    stdout.off('resize', draw)
    stdout.write('\x1b[?7h\x1b[?25h\x1b[?1049l')
  }
  takeScreen()
  let ignoreKeys = (): void => {}
  const held = scope.hold('viewer', undefined, () => {
    ignoreKeys()
    restoreScreen()
  })
  const endedBy = await new Promise<string>((resolve) => {
    const resume = (): void => {
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
          handleKey(key, { pages, place, stepping, style, room: roomNow() })
        }
        draw()
      },
      { release: restoreScreen, resume },
    )
    draw()
  })
  await held.release()
  return endedBy
}

/** What handling a key and drawing need. */
type Viewer = {
  readonly pages: readonly ViewedPage[]
  readonly place: Place
  readonly stepping: Stepping
  readonly style: Style
  readonly room: Room
}

function handleKey(key: string, viewer: Viewer): void {
  const { place } = viewer
  place.note = ''
  if (place.mode === 'help') place.mode = 'view'
  else if (place.mode === 'search') handleSearchKey(key, viewer)
  else if (place.mode === 'list') handleListKey(key, viewer)
  else handleViewKey(key, viewer)
}

function handleViewKey(key: string, viewer: Viewer): void {
  const { pages, place, stepping } = viewer
  const views = pages[place.page]?.views ?? []
  const page = stepping.pageFor(key, place.page) ?? adjacentPage(key, place.page)
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
    place.searchText = ''
  } else if (key === 'f' || key === 'F') findNext(key === 'f' ? 1 : -1, viewer)
  else if ((key === 'o' || key === 'enter') && views[place.view]?.opens) {
    place.isOpen = !place.isOpen
  } else scroll(key, viewer)
}

function adjacentPage(key: string, page: number): number | undefined {
  if (key === 'n') return page + 1
  return key === 'p' ? page - 1 : undefined
}

/** Goes to a page, or says that this is the first or the last one. */
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

function handleListKey(key: string, viewer: Viewer): void {
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

function handleSearchKey(key: string, viewer: Viewer): void {
  const { place } = viewer
  if (key === 'escape' || key === 'ctrl-c') {
    place.mode = 'view'
    place.searchText = ''
  } else if (key === 'enter') {
    place.mode = 'view'
    findNext(0, viewer)
  } else if (key === 'backspace') place.searchText = [...place.searchText].slice(0, -1).join('')
  else if (/^[^\p{Cc}]$/u.test(key)) place.searchText += key
}

/**
 * Scrolls to a matching line: 0 from the current line on, 1 after it, -1
 * before it.
 */
function findNext(direction: -1 | 0 | 1, viewer: Viewer): void {
  const { place } = viewer
  if (place.searchText === '') {
    place.note = 'No search yet: press / and type a word.'
    return
  }
  const lines = linesOf(viewer)
  const found = lines.flatMap((line, at) => (matches(line, place.searchText) ? [at] : []))
  if (found.length === 0) {
    place.note = `Not found in this view: ${place.searchText}`
    return
  }
  const top = place.top ?? 0
  const next =
    direction < 0
      ? found.findLast((at) => at < top)
      : found.find((at) => (direction > 0 ? at > top : at >= top))
  const to = next ?? (direction < 0 ? found.at(-1) : found[0]) ?? 0
  const more = found.length > 1 ? '  f next' : ''
  place.note = `${found.indexOf(to) + 1} of ${found.length}: ${place.searchText}${more}`
  place.top = to
}

function matches(line: string, searchText: string): boolean {
  return stripVTControlCharacters(line).toLowerCase().includes(searchText.toLowerCase())
}

function hasList(pages: readonly ViewedPage[]): boolean {
  return pages.length > 1 && pages.every(({ listed }) => listed !== undefined)
}

function isListBeside({ pages, room }: Viewer): boolean {
  return hasList(pages) && room.width >= minWidthForList
}

/** Returns the width of a view: the window without the list beside it. */
function viewWidth(viewer: Viewer): number {
  return isListBeside(viewer) ? viewer.room.width - listWidth - 3 : viewer.room.width
}

function linesOf(viewer: Viewer): readonly string[] {
  const { pages, place } = viewer
  return pages[place.page]?.views[place.view]?.lines(viewWidth(viewer), place.isOpen) ?? []
}

/** Returns one whole screen. It corrects a position past the last line. */
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
  const shown = content.slice(top, top + room.height).map((line) => highlightMatch(line, place))
  const counted = isLonger ? `${Math.min(content.length, top + room.height)}/${content.length}` : ''
  const filled = Array.from({ length: room.height }, (_, at) => shown[at] ?? '')
  const rows = [
    style.bold(cutText(page.title, room.width)),
    tabsLine(page.views, place.view, room.width, style),
    ...withList(filled, viewer),
    lastRow(counted, viewer),
  ]
  // Erase each line before writing it. After a row that fills the window the
  // cursor is still on its last character, and erasing there would remove it.
  return `\x1b[H${rows.map((row) => `\x1b[K${row}`).join('\r\n')}`
}

/** While searching, the last line may be shown at the top. */
function isFinding({ searchText, note }: Place): boolean {
  return searchText !== '' && note !== ''
}

/**
 * Returns the line with the match in reverse video and without its other
 * colours.
 */
function highlightMatch(line: string, { searchText, mode }: Place): string {
  if (searchText === '' || mode !== 'view' || !matches(line, searchText)) return line
  const text = stripVTControlCharacters(line)
  const at = text.toLowerCase().indexOf(searchText.toLowerCase())
  const end = at + searchText.length
  return `${text.slice(0, at)}\x1b[7m${text.slice(at, end)}\x1b[27m${text.slice(end)}`
}

/**
 * Adds the list of pages beside the lines if the window is wide enough, or
 * shows it instead of them.
 */
function withList(lines: readonly string[], viewer: Viewer): readonly string[] {
  const { place, room } = viewer
  if (place.mode === 'help' || (place.mode !== 'list' && !isListBeside(viewer))) return lines
  const isBeside = isListBeside(viewer)
  const list = listRows(viewer, isBeside ? listWidth : room.width)
  return isBeside ? lines.map((line, at) => `${list[at] ?? ''} │ ${line}`) : list
}

/**
 * Returns as many listed pages as there are rows, with the marked one in the
 * middle.
 */
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

/**
 * Returns the names of the views with their digits, the current one in
 * brackets.
 */
function tabsLine(views: readonly View[], shown: number, width: number, style: Style): string {
  const names = views.map(({ name }, at) => (views.length > 1 ? `${at + 1} ${name}` : name))
  const all = names.map((name, at) => (at === shown ? `[${name}]` : ` ${name} `))
  if (widthOf(all.join('')) <= width) {
    return all.map((name, at) => (at === shown ? style.bold(name) : name)).join('')
  }
  // Only the current view has its name; the others have their digits.
  return views
    .map(({ name }, at) => (at === shown ? style.bold(`[${name}]`) : `${at + 1}`))
    .join(' ')
}

function lastRow(counted: string, viewer: Viewer): string {
  const { place, style, room } = viewer
  if (place.mode === 'search') return cutText(`/${place.searchText}▏  Enter: find`, room.width)
  if (place.note !== '') return style.bold(cutText(`${place.note}  ${counted}`, room.width))
  const legend = legendFor(viewer, room.width - widthOf(counted) - 2)
  return style.dim(`${legend}${counted === '' ? '' : `  ${counted}`}`)
}

/** Returns as many keys as fit. The help shows all of them. */
function legendFor({ pages, place, stepping }: Viewer, width: number): string {
  if (place.mode === 'help') return cutText('any key: back to the view', width)
  if (place.mode === 'list') return cutText('↑↓ Enter: open page  l: back', width)
  const views = pages[place.page]?.views ?? []
  const many = pages.length > 1
  const words = [
    '↑↓ scroll',
    ...(views.length > 1 ? [`1–${views.length} view`] : []),
    ...(many ? [`n p ${stepping.unit}`] : []),
    ...(stepping.legend === '' ? [] : [stepping.legend]),
    ...(hasList(pages) ? ['l list'] : []),
    ...(views[place.view]?.opens ? [place.isOpen ? 'o fold' : 'o unfold'] : []),
    '/ find',
  ]
  const end = '? keys  q back'
  for (let count = words.length; count > 0; count -= 1) {
    const legend = [...words.slice(0, count), end].join('  ')
    if (widthOf(legend) <= width) return legend
  }
  return cutText(end, width)
}

/** Returns all keys. */
function helpLines({ pages, place, stepping, style, room }: Viewer): string[] {
  const views = pages[place.page]?.views ?? []
  const opens = views[place.view]?.opens
  const keys: NamedKey[] = [
    ...(views.length > 1
      ? [
          { key: `1 … ${views.length}`, label: 'go to a view by number' },
          { key: 'Tab ⇧Tab', label: 'next view, previous view' },
        ]
      : []),
    { key: '↑ ↓ k j', label: 'one line up or down' },
    { key: 'Space b', label: 'one screen down or up' },
    { key: 'Home End', label: 'beginning, end' },
    { key: 'n p', label: `next ${stepping.unit}, previous ${stepping.unit}` },
    ...stepping.keys,
    ...(hasList(pages) ? [{ key: 'l', label: `list all ${stepping.unit}s` }] : []),
    { key: 'o Enter', label: opens ? `unfold or fold ${opens}` : 'unfold hidden parts' },
    { key: '/', label: 'find a word; press Enter to search' },
    { key: 'f F', label: 'next match, previous match' },
    { key: 'Ctrl-Z', label: 'suspend; fg resumes' },
    { key: 'q Esc ^C', label: 'go back' },
  ]
  return keys.flatMap(({ key, label }) =>
    wrapText(label, room.width - 11).map(
      (line, at) => `${at === 0 ? style.bold(padText(key, 10)) : ' '.repeat(10)} ${line}`,
    ),
  )
}
