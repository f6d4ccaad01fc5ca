/**
 * Colours code with classes instead of inline styles: the site's policy
 * allows no inline style, and one page serves light, dark and paper.
 *
 * Only the light theme reads the code. The dark one has the same rules in the
 * same order, so each of its colours stands for a light one.
 *
 * @module
 */

import { createHighlighterCore, type HighlighterCore } from 'shiki/core'
import { createOnigurumaEngine } from 'shiki/engine/oniguruma'
import json from 'shiki/langs/json.mjs'
import shell from 'shiki/langs/shellscript.mjs'
import typescript from 'shiki/langs/typescript.mjs'
import dark from 'shiki/themes/github-dark-high-contrast.mjs'
import light from 'shiki/themes/github-light-high-contrast.mjs'
import wasm from 'shiki/wasm'
import { type Html, html } from '../export/page/html.ts'

/** A piece of code in one colour. */
export type Token = {
  readonly text: string
  /** The offset of its first character in the code. */
  readonly offset: number
  /** The class of its colour. Empty for the colour of ordinary text. */
  readonly colour: string
}

/** The name of each language for shiki. Any other stays uncoloured. */
const languages: Readonly<Record<string, string>> = {
  ...{ ts: 'typescript', typescript: 'typescript', js: 'typescript' },
  ...{ sh: 'shellscript', bash: 'shellscript', json: 'json' },
}

/** The dark colour for each light one. Their order numbers the classes. */
const colours: readonly (readonly [inLight: string, inDark: string])[] = [
  ...new Map(
    (light.tokenColors ?? []).flatMap(({ settings: { foreground } }, at) => {
      const inDark = dark.tokenColors?.[at]?.settings.foreground
      return foreground && inDark && foreground !== inDark ? [[foreground, inDark] as const] : []
    }),
  ),
]

let highlighter: HighlighterCore | undefined

/** Loads what {@link highlighted} needs. Call it once before. */
export async function loadHighlighter(): Promise<void> {
  highlighter ??= await createHighlighterCore({
    themes: [light],
    langs: [json, shell, typescript],
    engine: createOnigurumaEngine(wasm),
  })
}

/** Returns the lines of some code, each as coloured pieces. */
export function tokensIn(code: string, language: string): Token[][] {
  const lang = Object.hasOwn(languages, language) ? languages[language] : undefined
  if (lang === undefined) return plainTokens(code)
  if (!highlighter) throw new Error('call loadHighlighter() first')
  const lines = highlighter.codeToTokensBase(code, { lang, theme: light.name ?? '' })
  return lines.map((line) =>
    line.map(({ content: text, offset, color = '' }) => ({ text, offset, colour: classOf(color) })),
  )
}

function plainTokens(code: string): Token[][] {
  let offset = 0
  return code.split('\n').map((text) => {
    const token = { text, offset, colour: '' }
    offset += text.length + 1
    return text === '' ? [] : [token]
  })
}

/** Returns the class of a light colour. Ordinary text has none. */
function classOf(colour: string): string {
  const at = colours.findIndex(([inLight]) => inLight === colour.toLowerCase())
  return at < 0 || colours[at]?.[0] === light.colors?.['editor.foreground'] ? '' : `k${at}`
}

/** Returns the code with its colours, to be put into `<pre><code>`. */
export function highlighted(code: string, language: string): Html {
  const lines = tokensIn(code, language).map((line) => html`${line.map(tokenHtml)}`)
  return html`${lines.map((line, at) => (at === 0 ? line : html`\n${line}`))}`
}

/** Returns one piece of code with its colour. */
export function tokenHtml({ text, colour }: Token): Html {
  return colour === '' ? html`${text}` : html`<span class="${colour}">${text}</span>`
}

/** Returns the rules for the classes. */
export function paletteCss(): string {
  const rules = (inDark: 0 | 1): string =>
    colours.map((pair, at) => `.k${at} { color: ${pair[inDark]}; }`).join('\n')
  return `${rules(0)}
@media screen and (prefers-color-scheme: dark) {
${rules(1)}
}
`
}
