/**
 * Markdown as HTML: markdown-it, with the links of the site, highlighted
 * code, links to the glossary, and recorded bytes.
 *
 * @module
 */

import { posix } from 'node:path'
import MarkdownIt from 'markdown-it'
import { type Html, html } from '../export/page/html.ts'
import { highlighted } from './highlight.ts'
import { anchorOf, copyFor, linkBetween, pageFor } from './links.ts'

type Token = ReturnType<MarkdownIt['parse']>[number]

/** Where a text stands, and what it may refer to. */
export type MarkdownPlace = {
  /** The file of the repository that has the text: links start there. */
  readonly file: string
  /** The page that it becomes a part of. */
  readonly page: string
  /** The terms of the glossary. Their first occurrence becomes a link. */
  readonly terms?: readonly string[]
  /** The level of its largest heading. */
  readonly topLevel?: number
  /**
   * Returns recorded bytes for `<!-- tape: NAME KIND N … -->`, given the
   * words after the colon.
   */
  readonly bytes?: (words: string) => Html
  /** Returns the page and anchor of a name in `{@link NAME}`. */
  readonly definition?: (name: string) => string | undefined
}

/** A heading of a text. */
export type Heading = { readonly level: number; readonly anchor: string; readonly text: string }

/** A text as HTML, and its headings. */
export type Rendered = { readonly html: Html; readonly headings: readonly Heading[] }

/** One for all texts, because each new one compiles its patterns again. */
const markdown = new MarkdownIt({ html: true })

/** Returns Markdown as HTML. */
export function markdownHtml(text: string, place: MarkdownPlace): Rendered {
  const headings: Heading[] = []
  const tokens = markdown.parse(withCodeLinks(text, place), {})
  nameHeadings(tokens, place, headings)
  rewriteLinks(tokens, place)
  linkTerms(tokens, place)
  emptyHeadersToCells(tokens)
  Object.assign(markdown.renderer.rules, rulesFor(place))
  return { html: { html: markdown.renderer.render(tokens, markdown.options, {}) }, headings }
}

/** Turns TypeDoc's `{@link NAME}` into a link to the name's definition. */
function withCodeLinks(text: string, { definition, page }: MarkdownPlace): string {
  return text.replace(/\{@link (\w+)\}/g, (_, name: string) => {
    const target = definition?.(name)
    return target === undefined ? `\`${name}\`` : `[\`${name}\`](site:${linkBetween(page, target)})`
  })
}

/** Gives each heading its anchor, and moves the levels down. */
function nameHeadings(tokens: readonly Token[], place: MarkdownPlace, headings: Heading[]): void {
  const below = (place.topLevel ?? 1) - 1
  const used = new Map<string, number>()
  for (const [at, token] of tokens.entries()) {
    if (token.type !== 'heading_open' && token.type !== 'heading_close') continue
    const level = Math.min(6, Number(token.tag.slice(1)) + below)
    token.tag = `h${level}`
    if (token.type === 'heading_close') continue
    const text = textOf(tokens[at + 1])
    const times = used.get(anchorOf(text)) ?? 0
    used.set(anchorOf(text), times + 1)
    const anchor = times === 0 ? anchorOf(text) : `${anchorOf(text)}-${times}`
    token.attrSet('id', anchor)
    headings.push({ level, anchor, text })
  }
}

/** The text of a line without its marks. */
function textOf(inline: Token | undefined): string {
  const kinds = ['text', 'code_inline']
  return (inline?.children ?? [])
    .filter(({ type }) => kinds.includes(type))
    .map(({ content }) => content)
    .join('')
}

/** Points links and pictures at the pages of the site. */
function rewriteLinks(tokens: readonly Token[], place: MarkdownPlace): void {
  for (const token of tokens.flatMap(({ children }) => children ?? [])) {
    const name = token.type === 'image' ? 'src' : 'href'
    const target = token.attrGet(name)
    if (target === null) continue
    if (target.startsWith('site:')) token.attrSet(name, target.slice('site:'.length))
    else if (!/^(?:[a-z]+:|#)/.test(target)) token.attrSet(name, siteLink(target, place))
  }
}

function siteLink(target: string, { file, page }: MarkdownPlace): string {
  const [path = '', anchor] = target.split('#')
  const repositoryPath = posix.normalize(posix.join(posix.dirname(file), path))
  const goal = pageFor(repositoryPath) ?? copyFor(repositoryPath)
  if (goal === undefined) throw new Error(`${file} links to ${target}, which has no page`)
  return linkBetween(page, anchor === undefined ? goal : `${goal}#${anchor}`)
}

/**
 * Links the first occurrence of each term to the glossary, unless the text
 * does that itself.
 */
function linkTerms(tokens: readonly Token[], { terms = [], page, file }: MarkdownPlace): void {
  if (file === 'docs/glossary.md') return
  const linked = tokens.flatMap(({ children }) =>
    (children ?? []).map((child) => /#(.*)/.exec(child.attrGet('href') ?? '')?.[1]),
  )
  const left = new Set(terms.filter((term) => !linked.includes(anchorOf(term))))
  let isHeading = false
  for (const token of tokens) {
    if (token.type === 'heading_open') isHeading = true
    if (token.type === 'heading_close') isHeading = false
    if (token.type !== 'inline' || isHeading || !token.children) continue
    let depth = 0
    token.children = token.children.flatMap((child) => {
      if (child.type === 'link_open') depth += 1
      if (child.type === 'link_close') depth -= 1
      return child.type === 'text' && depth === 0 ? withTerms(child, left, page) : [child]
    })
  }
}

/** Splits a text around the terms in it that are not linked yet. */
function withTerms(token: Token, left: Set<string>, page: string): Token[] {
  for (const term of left) {
    const found = new RegExp(`(?<![\\w-])${escaped(term)}s?(?![\\w-])`, 'i').exec(token.content)
    if (!found) continue
    left.delete(term)
    const [word] = found
    const part = (content: string): Token => Object.assign(copyOf(token), { content })
    const link = Object.assign(copyOf(token), {
      type: 'html_inline',
      content:
        html`<a class="term" href="${linkBetween(page, `glossary.html#${anchorOf(term)}`)}">${word}</a>`
          .html,
    })
    return [
      ...withTerms(part(token.content.slice(0, found.index)), left, page),
      link,
      ...withTerms(part(token.content.slice(found.index + word.length)), left, page),
    ]
  }
  return [token]
}

function copyOf(token: Token): Token {
  return Object.assign(Object.create(Object.getPrototypeOf(token)), token)
}

function escaped(term: string): string {
  return term.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** A header cell without text is an ordinary cell. */
function emptyHeadersToCells(tokens: readonly Token[]): void {
  for (const [at, token] of tokens.entries()) {
    const [inline, close] = [tokens[at + 1], tokens[at + 2]]
    if (token.type !== 'th_open' || inline?.content !== '' || !close) continue
    token.tag = 'td'
    close.tag = 'td'
  }
}

/** The path of a file that has a page: `docs/seed.md`, `src/text/hex.ts`. */
const pathInText = /^(?:docs\/[\w-]+\.md|src\/[\w/-]+\.ts)$/

/** How code, tables and comments become HTML. */
function rulesFor({ bytes, page }: MarkdownPlace): MarkdownIt['renderer']['rules'] {
  return {
    code_inline: (tokens, at) => {
      const text = tokens[at]?.content ?? ''
      const code = html`<code>${text}</code>`
      const isPath = pathInText.test(text) && tokens[at - 1]?.type !== 'link_open'
      const link = isPath ? linkBetween(page, pageFor(text) ?? '') : ''
      return link === '' ? code.html : html`<a href="${link}">${code}</a>`.html
    },
    fence: (tokens, at) => codeHtml(tokens[at]?.content ?? '', tokens[at]?.info ?? '').html,
    code_block: (tokens, at) => codeHtml(tokens[at]?.content ?? '', '').html,
    table_open: () => '<div class="scroll" role="group" aria-label="Table" tabindex="0"><table>\n',
    table_close: () => '</table></div>\n',
    html_block: (tokens, at) => {
      const content = tokens[at]?.content ?? ''
      const blocks = [...content.matchAll(/<!-- tape: (.*?) -->/g)]
      return blocks.map(([, words = '']) => bytes?.(words).html ?? '').join('\n')
    },
    html_inline: (tokens, at) => {
      const content = tokens[at]?.content ?? ''
      return content.startsWith('<!--') ? '' : content
    },
  }
}

/** A block of code that scrolls when it is too wide, and never wraps. */
function codeHtml(code: string, info: string): Html {
  const [language = ''] = info.trim().split(/\s+/)
  return html`<pre class="code" tabindex="0"><code>${highlighted(code.trimEnd(), language)}</code></pre>
`
}
