/**
 * The search of the site: an index that is built with the pages and loaded
 * as an ordinary script, because a page from a disk may not fetch anything.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import MiniSearch from 'minisearch'
import type { SitePage } from './page-shell.ts'

/** What the search can find: a section of a page, or a name in the API. */
export type Findable = {
  /** The path of the page and the anchor: `glossary.html#hijack`. */
  readonly path: string
  /** The heading, or the name. */
  readonly title: string
  /** The title of the page. */
  readonly page: string
  /** Its text, for the search. */
  readonly text: string
  /** The beginning of its prose, to show below the title. */
  readonly shown?: string
}

/** How many characters of a text are shown below a result. */
const shownLength = 120

/** How the index is made and loaded: both sides have to agree. */
const options = {
  fields: ['title', 'page', 'text'],
  storeFields: ['path', 'title', 'page', 'shown'],
}

/**
 * Returns the script with the library and the index. It sets
 * `window.searchIndex`.
 */
export function searchScript(findable: readonly Findable[]): string {
  const index = new MiniSearch<Findable & { id: number; shown: string }>(options)
  index.addAll(findable.map((one, id) => ({ ...one, id, shown: shortened(one.shown || one.text) })))
  const library = readFileSync(
    join(dirname(require.resolve('minisearch')), '../umd/index.js'),
    'utf8',
  )
  const data = JSON.stringify({ options, index: JSON.stringify(index) })
  return `${library}\nwindow.searchIndex = ${data}\n`
}

/** Cuts a text after a word. */
function shortened(text: string): string {
  return text.length <= shownLength
    ? text
    : `${text.slice(0, shownLength).replace(/\s+\S*$/, '')} …`
}

/**
 * Returns the sections of a page: from one heading with an id to the next. A
 * page of the source and a transcript are found by what they are about: their
 * code and output would hide the pages that explain them.
 */
export function sectionsOf(page: SitePage): Findable[] {
  const { path, title, main, about } = page
  if (path.startsWith('source/')) {
    return [{ path, title, page: title, text: `${about} ${namesOn(page).join(' ')}`, shown: about }]
  }
  if (path.endsWith('-transcript.html')) return [{ path, title, page: title, text: about }]
  const parts = withoutBytes(main.html).split(/(?=<h[1-4][^>]* id=")/)
  return parts.flatMap((part) => {
    const [, anchor, heading = ''] =
      /^<h[1-4][^>]* id="([^"]+)"[^>]*>(.*?)<\/h[1-4]>/s.exec(part) ?? []
    const text = textOf(part.slice(part.indexOf('</h') + 1).replace(/^[^>]*>/, ''))
    if (text === '' && anchor === undefined) return []
    if (textOf(heading) === 'Imports') return []
    return [
      {
        path: anchor === undefined ? path : `${path}#${anchor}`,
        title: anchor === undefined ? title : textOf(heading),
        page: title,
        text: anchor === undefined ? textOf(part) : text,
        shown: textOf(proseOf(part)),
      },
    ]
  })
}

/** The names that a file of the source declares. */
function namesOn({ main }: SitePage): string[] {
  return [...main.html.matchAll(/<section class="source-row" id="([^"]+)"/g)]
    .map(([, name = '']) => name)
    .filter((name) => !name.startsWith('line-'))
}

/** Leaves out what is there twice, and the hexadecimal digits. */
function withoutBytes(some: string): string {
  return some
    .replace(/<details class="field-table">.*?<\/details>/gs, ' ')
    .replace(/<code class="hex">.*?<\/code>/gs, ' ')
    .replace(/<nav\b.*?<\/nav>|<details class="toc".*?<\/details>/gs, ' ')
}

/** What stands between the heading of a section and its first code or run. */
function proseOf(section: string): string {
  const [prose = ''] = section
    .replace(/^<h[1-4].*?<\/h[1-4]>/s, '')
    .split(/<pre\b|<div class="(?:run|scroll)"/)
  return prose
}

/** The text of some HTML. */
function textOf(some: string): string {
  return some
    .replace(/<(?:style|script|svg)\b.*?<\/(?:style|script|svg)>/gs, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim()
}
