/**
 * Makes a page from a Markdown file of the repository.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Html, html, nothing } from '../export/page/html.ts'
import { pageFor } from './links.ts'
import { type Heading, type MarkdownPlace, markdownHtml } from './markdown-html.ts'
import type { SitePage } from './page-shell.ts'

/** A Markdown file, and where its page stands. */
export type ProseFile = Pick<SitePage, 'group' | 'name' | 'previous' | 'next'> & {
  /** Its path in the repository: `docs/glossary.md`. */
  readonly file: string
  /** Whether it begins with a list of its sections of its own. */
  readonly hasOwnList?: boolean
}

/** What all Markdown files may refer to. */
export type References = Pick<MarkdownPlace, 'terms' | 'bytes'>

/** From how many sections on a page lists them at its top. */
const longFrom = 5

/** Returns the page of a Markdown file. */
export function prosePage(
  root: string,
  { file, hasOwnList = false, ...place }: ProseFile,
  refers: References,
): SitePage {
  const path = pageFor(file)
  if (path === undefined) throw new Error(`${file} has no page on the site`)
  const text = readFileSync(join(root, file), 'utf8')
  const rendered = markdownHtml(text, { file, page: path, ...refers })
  const [first] = rendered.headings
  const title = first?.level === 1 ? first.text : file
  return {
    ...place,
    ...{ path, title, layout: 'prose', about: aboutOf(text) },
    main: hasOwnList ? rendered.html : withContents(rendered.html, rendered.headings),
  }
}

/** The first sentence of a text, without its marks. */
function aboutOf(text: string): string {
  const paragraphs = text.split(/\n\s*\n/)
  const first = paragraphs.find((part) => /^[A-Z*_[`]/.test(part)) ?? ''
  const plain = first
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_`]/g, '')
    .replace(/\s+/g, ' ')
  return /^.*?[.:?](?= |$)/.exec(plain)?.[0] ?? plain
}

/** Puts the list of sections below the title, if the text is long. */
function withContents(text: Html, headings: readonly Heading[]): Html {
  const sections = headings.filter(({ level }) => level === 2)
  if (sections.length < longFrom) return text
  const items = sections.map((one) => html`<li><a href="#${one.anchor}">${one.text}</a></li>`)
  const list = html`<details class="toc"${sections.length <= 12 ? html` open` : nothing}><summary>On this page</summary><ul>${items}</ul></details>`
  return { html: text.html.replace('</h1>', () => `</h1>\n${list.html}`) }
}

/** Returns the terms of the glossary: its headings. */
export function glossaryTerms(root: string): string[] {
  const text = readFileSync(join(root, 'docs/glossary.md'), 'utf8')
  return [...text.matchAll(/^## (.+)$/gm)].map(([, term = '']) => term)
}

/** Returns the page of the licence, which is plain text. */
export function licencePage(root: string): SitePage {
  const text = readFileSync(join(root, 'LICENSE'), 'utf8')
  return {
    ...{ path: 'licence.html', title: 'Licence', layout: 'prose' },
    about: 'The MIT licence of the workbook.',
    main: html`<h1>Licence</h1>${text.split(/\n\n+/).map((part) => html`<p>${part}</p>`)}`,
  }
}
