/**
 * Shows how to send an exchange of a run with a shell, and what came back.
 *
 * @module
 */

import { type Html, html, nothing } from '../export/page/html.ts'
import type { Reproduction, Step } from './reproduce.ts'

/** What a daemon returned for a line, and which daemon. */
export type CameBack = { readonly daemon: string; readonly text: string }

/**
 * Returns the lines of a reproduction, what they need, and what came back.
 */
export function reproduceHtml(reproduction: Reproduction, cameBack?: CameBack): Html {
  const { before, line, says } = reproduction
  return html`<div class="reproduce">${before.length > 0 ? beforeHtml(before) : nothing}
<pre tabindex="0"><code>${line}</code></pre>
<p>${says}</p>
${cameBack ? cameBackHtml(cameBack) : nothing}</div>`
}

function beforeHtml(steps: readonly Step[]): Html {
  return html`<details><summary>First, once in the same shell</summary>
${steps.map(({ line, says }) => html`<pre tabindex="0"><code>${line}</code></pre><p>${says}</p>`)}</details>`
}

function cameBackHtml({ daemon, text }: CameBack): Html {
  return html`<details><summary>What ${daemon} returned</summary><pre tabindex="0"><samp>${text}</samp></pre></details>`
}
