/**
 * The whole client on one page: the seven stages in order, for printing and
 * for searching in the page.
 *
 * @module
 */

import { html } from '../export/page/html.ts'
import type { ChapterData } from './annotated-chapter.ts'
import { linkedCode } from './linked-code.ts'
import { linkBetween, pageFor } from './links.ts'
import type { SitePage } from './page-shell.ts'
import { sourceRows } from './source-rows.ts'

/** Where the page is. */
const wholeClientPath = 'whole-client.html'

/**
 * Returns the page. The comment about each chapter is only on its own page;
 * everything else of the seven files is here.
 */
export function wholeClientPage(chapters: readonly ChapterData[]): SitePage {
  const stages = chapters.map(({ number, file, source, references }) => {
    const [first] = sourceRows(source, file)
    const codeAt = first?.kind === 'module' ? source.indexOf('*/') + '*/'.length : 0
    const begin = codeAt + (/^\s*/.exec(source.slice(codeAt))?.[0].length ?? 0)
    const piece = { file, code: source.slice(begin).trimEnd(), codeAt: begin }
    const title = /^# (.*)$/m.exec(first?.prose ?? '')?.[1] ?? file
    const code = linkedCode(piece, { page: wholeClientPath, references, showsTypes: false })
    const page = linkBetween(wholeClientPath, pageFor(file) ?? '')
    return html`<section><h2 id="chapter-${number}">${title}</h2>
<p class="note"><a href="${page}">The chapter, with its run and with docker</a>. The file: <code>${file}</code></p>
${code}</section>`
  })
  return {
    ...{ path: wholeClientPath, title: 'The whole client', layout: 'wide' },
    group: 'The seven chapters',
    about: 'The code of all seven chapters in order, on one page.',
    main: html`<h1>The whole client</h1>
<p>This is <code>docker exec</code>: seven stages, each in its own file. The code is complete. Only the text about each chapter is left out: it is on the chapter’s page.</p>
${stages}`,
  }
}
