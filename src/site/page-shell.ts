/**
 * The frame of every page: its head, the bar with the contents and the
 * search, and the foot.
 *
 * @module
 */

import { type Html, html, nothing } from '../export/page/html.ts'
import { linkBetween } from './links.ts'

/** A page of the site. */
export type SitePage = {
  /** Where it is in the site's folder: `chapters/01-create.html`. */
  readonly path: string
  readonly title: string
  /** What it is about, in a sentence, for the head of the page. */
  readonly about: string
  /** Where it stands in the contents. Undefined: it is not listed there. */
  readonly group?: string
  /** Its name in the contents, if that differs from its title. */
  readonly name?: string
  /** `wide` for three columns, `prose` for a column of text. */
  readonly layout: 'wide' | 'prose'
  /** The content of its main part, with one `h1`. */
  readonly main: Html
  /** What stands before and after it in reading order. */
  readonly previous?: string
  readonly next?: string
}

/** The contents of the site: the listed pages in order. */
export type Contents = readonly Pick<SitePage, 'path' | 'title' | 'name' | 'group'>[]

/** The name of the site, as in its bar. */
const siteName = 'The docker exec workbook'

/** Returns the whole page. */
export function pageHtml(page: SitePage, contents: Contents): string {
  const to = (path: string): string => linkBetween(page.path, path)
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="description" content="${page.about}">
<title>${page.title === siteName ? siteName : `${page.title} · ${siteName}`}</title>
<link rel="stylesheet" href="${to('style.css')}">
<script src="${to('script.js')}" defer></script>
</head>
<body class="${page.layout}">
${barHtml(page.path, contents)}
<main id="main-part">
${page.main}
${turnHtml(page, contents)}
</main>
<footer><p>Made by <code>npm run docs</code> from the workbook’s source and recorded runs.</p></footer>
</body>
</html>
`.html
}

/** The page may load its own style, scripts and pictures and nothing else. */
const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"

/**
 * The bar of a page: a link to the first page, the contents, the search. The
 * search needs the script, which shows it.
 */
export function barHtml(path: string, contents: Contents): Html {
  const to = (target: string): string => linkBetween(path, target)
  const groups = [...new Set(contents.map(({ group }) => group ?? ''))]
  const lists = groups.map((group) => {
    const pages = contents.filter((page) => (page.group ?? '') === group)
    const items = pages.map(
      (page) =>
        html`<li><a href="${to(page.path) || '#main-part'}"${page.path === path ? html` aria-current="page"` : nothing}>${page.name ?? page.title}</a></li>`,
    )
    return html`<div><h2>${group}</h2><ul>${items}</ul></div>`
  })
  return html`<a class="skip" href="#main-part">Skip to the text</a>
<header class="bar">
<a class="home" href="${to('index.html') || '#main-part'}">${siteName}</a>
<nav aria-label="The site"><details class="contents"><summary>Contents</summary><div class="groups">${lists}</div></details></nav>
<search class="search" hidden data-index="${to('search-index.js')}" data-root="${to('index.html').replace(/index\.html$/, '')}">
<label for="search-words">Search</label>
<input id="search-words" type="search" autocomplete="off" spellcheck="false" aria-controls="search-results" placeholder="Search: press /">
<div id="search-results" role="region" aria-label="Search results" aria-live="polite" hidden></div>
</search>
</header>`
}

/** The links to the previous and the next page. */
function turnHtml({ path, previous, next }: SitePage, contents: Contents): Html {
  if (previous === undefined && next === undefined) return nothing
  const link = (target: string | undefined, rel: 'prev' | 'next'): Html => {
    const page = contents.find((one) => one.path === target)
    if (!page) return html`<span></span>`
    const name = page.name ?? page.title
    const label = rel === 'prev' ? html`<span>← Previous</span>` : html`<span>Next →</span>`
    return html`<a rel="${rel}" href="${linkBetween(path, page.path)}">${label} ${name}</a>`
  }
  return html`<nav class="turn" aria-label="Previous and next page">${link(previous, 'prev')}${link(next, 'next')}</nav>`
}
