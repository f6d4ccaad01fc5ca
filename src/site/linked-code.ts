/**
 * Code on a page: coloured, and with each identifier linked to its
 * definition, which is a row of this page or of another one.
 *
 * @module
 */

import { type Html, html, nothing } from '../export/page/html.ts'
import { type Token, tokenHtml, tokensIn } from './highlight.ts'
import { linkBetween, pageFor } from './links.ts'
import type { Reference, Target } from './source-links.ts'

/** A piece of a file. */
export type CodePiece = {
  readonly code: string
  /** The offset of its first character in the file. */
  readonly codeAt: number
  /** The path of the file in the repository. */
  readonly file: string
}

/** Where the code is shown. */
export type CodePlace = {
  /** The page, and the file whose rows have their anchors on it. */
  readonly page: string
  /** All identifiers of the file. */
  readonly references: readonly Reference[]
  /** Whether names that lead nowhere say their type, too. */
  readonly showsTypes: boolean
}

/** Returns a block of code. */
export function linkedCode(piece: CodePiece, place: CodePlace): Html {
  const { code, codeAt } = piece
  const inside = place.references.filter(
    ({ from, to }) => from >= codeAt && to <= codeAt + code.length,
  )
  let next = 0
  const lines = tokensIn(code, 'ts').map((line, at) => {
    const parts = line.flatMap((token): Html[] => {
      const end = codeAt + token.offset + token.text.length
      const own: Reference[] = []
      for (let one = inside[next]; one && one.to <= end; one = inside[next]) {
        own.push(one)
        next += 1
      }
      return tokenParts(token, own, codeAt, place)
    })
    return html`${at === 0 ? '' : '\n'}${parts}`
  })
  return html`<pre class="code" tabindex="0"><code>${lines}</code></pre>`
}

/** Splits a token where its identifiers begin and end. */
function tokenParts(
  { text, offset, colour }: Token,
  references: readonly Reference[],
  codeAt: number,
  place: CodePlace,
): Html[] {
  const parts: Html[] = []
  let at = 0
  const plain = (to: number): void => {
    if (to > at) parts.push(tokenHtml({ text: text.slice(at, to), offset: offset + at, colour }))
    at = to
  }
  for (const reference of references) {
    const from = reference.from - codeAt - offset
    if (from < at) continue
    plain(from)
    at = reference.to - codeAt - offset
    const name = { text: text.slice(from, at), offset: offset + from, colour }
    parts.push(nameHtml(name, reference, place))
  }
  plain(text.length)
  return parts
}

function nameHtml(token: Token, reference: Reference, place: CodePlace): Html {
  const { target, hover } = reference
  const link = target && leadsAway(reference) ? linkTo(target, place.page) : undefined
  const colour = token.colour === '' ? nothing : html` class="${token.colour}"`
  if (link !== undefined) {
    return html`<a${colour} href="${link}" title="${hover()}">${token.text}</a>`
  }
  return place.showsTypes
    ? html`<span${colour} title="${hover()}">${token.text}</span>`
    : tokenHtml(token)
}

/** Whether a name is defined outside the declaration that uses it. */
function leadsAway({ target, within }: Reference): boolean {
  return target?.file !== within?.file || target?.name !== within?.name
}

/** Returns the link to the row of a declaration. */
export function linkTo({ file, name }: Target, page: string): string | undefined {
  const path = pageFor(file)
  return path === undefined ? undefined : linkBetween(page, `${path}#${name}`)
}
