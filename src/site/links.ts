/**
 * Where each page of the site is, and how one page links to another. Links
 * are relative and name the file, so that they work from a disk.
 *
 * @module
 */

import { posix } from 'node:path'

/** The folder of a chapter and the kind of page: `03-hijack`, `lesson.md`. */
const inChapter = /^chapters\/(0\d-[^/]+)\/(stage\.ts|lesson\.md|transcript\.md)$/

const chapterPages: Readonly<Record<string, string>> = {
  'stage.ts': '',
  'lesson.md': '-in-depth',
  'transcript.md': '-transcript',
}

/**
 * Returns the path of the page for a file of the repository: `glossary.html`
 * for `docs/glossary.md`. Undefined for a file that has no page.
 */
export function pageFor(file: string): string | undefined {
  const [, folder, name = ''] = inChapter.exec(file) ?? []
  if (folder !== undefined) return `chapters/${folder}${chapterPages[name]}.html`
  if (file === 'README.md') return 'index.html'
  if (file === 'LICENSE') return 'licence.html'
  if (/^docs\/[\w-]+\.md$/.test(file)) return `${posix.basename(file, '.md')}.html`
  if (/^(?:src|chapters)\/.*\.ts$/.test(file)) return `source/${file.slice(0, -3)}.html`
  return undefined
}

/**
 * Returns the path on the site of a file that is copied there: a picture or
 * a tape in `docs/`. Undefined for any other file.
 */
export function copyFor(file: string): string | undefined {
  return /^docs\/(?<path>[\w/-]+\.(?:svg|tape))$/.exec(file)?.groups?.path
}

/**
 * Returns a link from one page to another.
 *
 * @param from - the path of the page with the link: `chapters/01-create.html`
 * @param to - the path of the other page, with an anchor if there is one
 */
export function linkBetween(from: string, to: string): string {
  const [path = '', anchor] = to.split('#')
  const link = path === '' || path === from ? '' : posix.relative(posix.dirname(from), path)
  return anchor === undefined ? link : `${link}#${anchor}`
}

/** Returns the anchor of a heading, as GitHub forms it: `early-bytes`. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')
}
