/**
 * Joins the API reference to the site. TypeDoc writes it; its content goes
 * into the frame of our pages, without TypeDoc's scripts, navigation and
 * search.
 *
 * @module
 */

import type { SitePage } from './page-shell.ts'

/** The folder of the reference in the site. */
export const referenceFolder = 'reference'

/** The first page of the reference. */
export const referenceStart = 'reference/modules.html'

/**
 * Returns a page of the reference as a page of the site.
 *
 * @param page - what TypeDoc wrote
 * @param path - where the page is in the site: `reference/modules.html`
 */
export function referencePage(page: string, path: string): SitePage {
  const [, content = ''] =
    /<div class="col-content">(.*?)<\/div>\s*<div class="col-sidebar">/s.exec(page) ?? []
  const [, heading = ''] = /<h1[^>]*>(.*?)<\/h1>/s.exec(content) ?? []
  const [, summary = ''] =
    /<div class="tsd-comment tsd-typography">\s*<p>(.*?)<\/p>/s.exec(content) ?? []
  const isStart = path === referenceStart
  const title = isStart ? 'API reference' : plain(heading)
  return {
    ...{
      path,
      title,
      layout: 'prose',
      about: plain(summary) || `The API of the workbook: ${title}`,
    },
    ...(isStart && { group: 'The code' }),
    main: {
      html: `<div class="reference">${stepwise(withoutScriptParts(content)).replace(heading, title)}</div>`,
    },
  }
}

/** The text of some HTML. */
function plain(some: string): string {
  return some
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/**
 * Removes what needs TypeDoc's scripts. Its icons are in another file, which
 * a page from a disk may not use.
 */
function withoutScriptParts(content: string): string {
  return content
    .replace(/<a [^>]*class="tsd-anchor-icon"[^>]*>.*?<\/a>/gs, '')
    .replace(/<svg\b.*?<\/svg>/gs, '')
    .replace(/<button\b.*?<\/button>/gs, '')
    .replace(/<a href="" aria-current="page">(.*?)<\/a>/gs, '<span aria-current="page">$1</span>')
    .replaceAll('<pre>', '<pre tabindex="0">')
    .replaceAll('<div class="tsd-signature', '<div tabindex="0" class="tsd-signature')
}

/** Renumbers headings, so that none skips a level. */
function stepwise(content: string): string {
  let level = 0
  return content.replace(/<h(\d)([^>]*)>(.*?)<\/h\1>/gs, (_, number: string, rest, text) => {
    level = Math.min(Number(number), level + 1)
    return `<h${level}${rest}>${text}</h${level}>`
  })
}
