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
 * Returns the lines of a reproduction, what came back, and a link to what the
 * shell needs first.
 */
export function reproduceHtml(
  { before, line, says }: Reproduction,
  preparationId: string,
  cameBack?: CameBack,
): Html {
  const first = html`<p class="first">First, once in the same shell: <a href="#${preparationId}">the preparation</a>.</p>`
  return html`<div class="reproduce">${before.length > 0 ? first : nothing}
<pre tabindex="0"><code>${line}</code></pre>
<p>${says}</p>
${cameBack ? cameBackHtml(cameBack) : nothing}</div>`
}

/** Returns what a shell needs once, for all exchanges of a run. */
export function preparationHtml(steps: readonly Step[], id: string, label: string): Html {
  if (steps.length === 0) return nothing
  return html`<details class="preparation"><summary>What a shell needs first, to repeat the run ${label}</summary>
<div class="reproduce" id="${id}"><p>A shell that has read these lines can repeat each exchange of this run below. The lines of another run replace them. They work in sh, dash, bash and zsh, and need curl and Node.js.</p>
${steps.map(({ line, says }) => html`<pre tabindex="0"><code>${line}</code></pre><p>${says}</p>`)}</div></details>
`
}

function cameBackHtml({ daemon, text }: CameBack): Html {
  return html`<details><summary>What ${daemon} returned, with example IDs and dates</summary><pre tabindex="0"><samp>${text}</samp></pre></details>`
}
