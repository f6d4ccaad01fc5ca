/**
 * Writes the site: the pages, the style, the script and the search index.
 *
 * @module
 */

import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, posix, sep } from 'node:path'
import { paletteCss } from './highlight.ts'
import { copyFor } from './links.ts'
import { type Contents, pageHtml, type SitePage } from './page-shell.ts'
import { searchScript, sectionsOf } from './search.ts'

/** Returns the listed pages in the order of the site. */
export function contentsOf(pages: readonly SitePage[]): Contents {
  return pages.filter(({ group }) => group !== undefined)
}

/**
 * Writes the pages and everything that they load.
 *
 * @param root - the root of the repository, whose pictures and tapes are
 * copied
 */
export function writeSite(folder: string, pages: readonly SitePage[], root: string): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const contents = contentsOf(pages)
  for (const page of pages) write(page.path, pageHtml(page, contents))
  write('style.css', siteCss())
  write('script.js', [ownFile('script.js'), sharedFile('fields.js')].join('\n'))
  write('search-index.js', searchScript(pages.flatMap(sectionsOf)))
  copyFiles(root, folder)
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

/** The style of all pages. What is for paper comes last. */
function siteCss(): string {
  const last = 'print.css'
  const names = readdirSync(join(__dirname, 'style')).filter((name) => name !== last)
  const parts = [...names.sort(), last].map((name) => ownFile('style', name))
  const shared = ['0-colours.css', '3-fields.css'].map((name) => sharedFile('style', name))
  return [...shared, ...parts, paletteCss()].join('\n')
}
