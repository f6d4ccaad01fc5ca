/**
 * Writes the site: the pages, the style, the script and the search index.
 *
 * @module
 */

import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, posix, sep } from 'node:path'
import { paletteCss } from './highlight.ts'
import { type Contents, pageHtml, type SitePage } from './layout.ts'
import { copyFor } from './links.ts'
import { type Findable, searchScript, sectionsOf } from './search.ts'

/** What to write beside the pages. */
export type SiteExtras = {
  /** What the search finds outside these pages. */
  readonly findable?: readonly Findable[]
  /** Pages of the contents that something else writes. */
  readonly others?: Contents
  /** The root of the repository, if its pictures and tapes are copied. */
  readonly copiesFrom?: string
}

/** Returns the listed pages in the order of the site. */
export function contentsOf(pages: readonly SitePage[], others: Contents = []): Contents {
  return [...pages, ...others].filter(({ group }) => group !== undefined)
}

/** Writes the pages and everything that they load. */
export function writeSite(
  folder: string,
  pages: readonly SitePage[],
  { findable = [], others = [], copiesFrom }: SiteExtras = {},
): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const contents = contentsOf(pages, others)
  for (const page of pages) write(page.path, pageHtml(page, contents))
  write('style.css', siteCss())
  write('bar.css', barCss())
  write('script.js', [ownFile('script.js'), sharedFile('fields.js')].join('\n'))
  write('search-index.js', searchScript([...pages.flatMap(sectionsOf), ...findable]))
  if (copiesFrom !== undefined) copyFiles(copiesFrom, folder)
}

/** Copies the pictures and tapes that pages show or link to. */
function copyFiles(root: string, folder: string): void {
  for (const name of readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })) {
    const path = copyFor(posix.join('docs', name.replaceAll(sep, '/')))
    if (path === undefined || name.startsWith('site')) continue
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    copyFileSync(join(root, 'docs', name), join(folder, path))
  }
}

function ownFile(...path: readonly string[]): string {
  return readFileSync(join(__dirname, ...path), 'utf8')
}

/** A file that the exported page uses, too. */
function sharedFile(...path: readonly string[]): string {
  return ownFile('..', 'export', 'page', ...path)
}

/** The style of the site's own pages. What is for paper comes last. */
function siteCss(): string {
  const last = 'print.css'
  const names = readdirSync(join(__dirname, 'style')).filter((name) => !separate.has(name))
  const ordered = [...names.filter((name) => name !== last).sort(), last]
  const fields = sharedFile('style', '3-fields.css')
  return [fields, ...ordered.map((name) => ownFile('style', name)), paletteCss()].join('\n')
}

/** Styles that the site's own pages do not use. */
const separate: ReadonlySet<string> = new Set(['reference.css'])

/** The style that the pages of the reference use beside their own. */
function barCss(): string {
  return ['colours.css', 'bar.css', 'reference.css']
    .map((name) => ownFile('style', name))
    .join('\n')
}
