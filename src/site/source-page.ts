/**
 * The annotated source: a page for each file of `src/`, with its prose beside
 * its code, and a page that lists them.
 *
 * @module
 */

import { type Html, html } from '../export/page/html.ts'
import { linkedCode } from './linked-code.ts'
import { linkBetween, pageFor } from './links.ts'
import { markdownHtml } from './markdown-html.ts'
import type { SitePage } from './page-shell.ts'
import type { Reference } from './source-links.ts'
import { type SourceRow, sourceRows } from './source-rows.ts'

/** A file of the source. */
export type SourceFile = {
  /** Its path in the repository: `src/stream/frames.ts`. */
  readonly file: string
  readonly text: string
  readonly references: readonly Reference[]
}

/** Where the list of the files is. */
export const sourceIndex = 'source/index.html'

/** Returns the page of a file. */
export function sourcePage(source: SourceFile): SitePage {
  const { file, text, references } = source
  const path = pageFor(file) ?? ''
  const [first, ...others] = sourceRows(text, file)
  const rows =
    first?.kind === 'module' ? others : [first, ...others].filter((row) => row !== undefined)
  const prose = first?.kind === 'module' ? first.prose : ''
  const rowHtml = (row: SourceRow): Html => {
    const anchor = row.name === '' ? `line-${row.from}` : row.name
    const words = markdownHtml(row.prose, { file, page: path, topLevel: 3 }).html
    const code = linkedCode({ ...row, file }, { page: path, references, showsTypes: false })
    return html`<section class="source-row" id="${anchor}">${row.name === '' ? html`<div></div>` : html`<div><h2><a href="#${anchor}">${row.name}</a></h2>${words}</div>`}${code}</section>\n`
  }
  return {
    ...{ path, title: file, layout: 'wide', about: aboutOf(prose) },
    main: html`<p class="kicker"><a href="${linkBetween(path, sourceIndex)}">The annotated source</a></p>
<h1>${file}</h1>
<div class="source-about">${markdownHtml(prose, { file, page: path, topLevel: 2 }).html}</div>
${rows.map(rowHtml)}`,
  }
}

/** The first sentence of a comment. */
function aboutOf(prose: string): string {
  const [paragraph = ''] = prose.split(/\n\s*\n/)
  const text = paragraph.replace(/[`*_]/g, '').replace(/\s+/g, ' ')
  return /^.*?[.?](?= |$)/.exec(text)?.[0] ?? text
}

/**
 * Returns the page that lists the files.
 *
 * @param rooms - the folders of `src/` and what each is for, in the order of
 * the floors
 */
export function sourceIndexPage(
  pages: readonly SitePage[],
  rooms: readonly (readonly [room: string, purpose: string])[],
): SitePage {
  const listed = rooms.map(([room, purpose]) => {
    const files = pages.filter(({ title }) => title.startsWith(room))
    const items = files.map(
      ({ path, title, about }) =>
        html`<li><a href="${linkBetween(sourceIndex, path)}"><code>${title.slice(room.length)}</code></a>: ${about}</li>`,
    )
    return html`<h2>${room}</h2><p>${purpose}</p><ul>${items}</ul>`
  })
  return {
    ...{ path: sourceIndex, title: 'The annotated source', layout: 'prose', group: 'The code' },
    about: 'Every file below the chapters, with its prose beside its code.',
    main: html`<h1>The annotated source</h1>
<p>Every file below the chapters, from the ground up: a file imports only from its own folder and from those above it in this list. Names in the code lead to their definitions.</p>
${listed}`,
  }
}
