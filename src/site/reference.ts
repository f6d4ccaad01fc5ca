/**
 * Joins the API reference, which TypeDoc writes, to the site: its pages get
 * the bar with the contents and the one search, and work from a disk.
 *
 * @module
 */

import { barHtml, type Contents } from './layout.ts'
import { linkBetween } from './links.ts'
import type { Findable } from './search.ts'

/** The folder of the reference in the site. */
export const referenceFolder = 'reference'

/**
 * Returns a page of the reference as a page of the site.
 *
 * @param page - what TypeDoc wrote
 * @param path - where the page is in the site: `reference/modules.html`
 */
export function joinedReference(page: string, path: string, contents: Contents): string {
  const to = (target: string): string => linkBetween(path, target)
  return (
    page
      // A page from a disk may not use a picture inside another file.
      // TypeDoc's icons.js also puts the same pictures into the page.
      .replaceAll(/href="[^"]*assets\/icons\.svg#/g, 'href="#')
      // It hides the page until its script has run.
      .replace(/<body><script>.*?<\/script>/s, '<body>')
      .replace('<body>', () => `<body>\n${barHtml(path, contents).html}`)
      .replace(
        '</head>',
        () =>
          `<link rel="stylesheet" href="${to('bar.css')}"><script src="${to('script.js')}" defer></script></head>`,
      )
      .replace(
        '<div class="container container-main">',
        '<div class="container container-main" id="main">',
      )
      .replace('<div class="col-content">', '<main class="col-content">')
      .replace('<div class="col-sidebar">', '<!-- sidebar --><div class="col-sidebar">')
      .replace(/<\/div>\s*<!-- sidebar -->/, '</main>')
      .replace(
        '<li>Loading...</li>',
        `<li><a href="${to('reference/modules.html')}">All modules</a></li>`,
      )
  )
}

/** Returns what the search can find on a page of the reference. */
export function findableIn(page: string, path: string): Findable[] {
  const [, heading = ''] = /<h1[^>]*>(.*?)<\/h1>/s.exec(page) ?? []
  const [, summary = ''] =
    /<div class="tsd-comment tsd-typography">\s*<p>(.*?)<\/p>/s.exec(page) ?? []
  const plain = (some: string): string =>
    some
      .replace(/<[^>]*>/g, '')
      .replace(/\s+/g, ' ')
      .trim()
  const [, kind = '', name = ''] = /^(\w+(?: Alias)?) ([^<( ]+)/.exec(plain(heading)) ?? []
  if (name === '' || kind === 'Module') return []
  return [{ path, title: name, page: `${kind} in the API`, text: plain(summary) }]
}
