/**
 * Requests and answers: the first line, the headers as they were, and the body.
 *
 * @module
 */

import type { TapeEvent } from '../../tape/recorded.ts'
import { countOf } from '../../tape/words.ts'
import { type Html, html, nothing } from './html.ts'
import type { Lifeline, Saying } from './row.ts'

/** A body that is longer than this is folded: the JSON of a whole container has thousands. */
const bodyLength = 300

type HttpEvent = Extract<TapeEvent, { readonly kind: 'request' | 'answer' }>

/** Says what a request or an answer is. `line` makes its first line. */
export function httpSaying(event: HttpEvent, line: (title: Html) => Html): Saying {
  const isRequest = event.kind === 'request'
  const first = isRequest
    ? html`<b>${event.method}</b> <code>${shortIds(event.path)}</code>`
    : html`<b>${event.status}</b> ${event.reason}`
  const whole = isRequest
    ? `${event.method} ${event.path} HTTP/1.1`
    : `HTTP/1.1 ${event.status} ${event.reason}`
  const head = [whole, ...event.headers.map(([name, value]) => `${name}: ${value}`)].join('\n')
  const asksForUpgrade = event.headers.some(([name]) => name.toLowerCase() === 'upgrade')
  const own: Lifeline = event.connection === 1 ? 'connection1' : 'connection2'
  return {
    group: 'http',
    kind: `${event.kind} on-${event.connection}`,
    arrow: isRequest ? { from: 'client', to: own } : { from: own, to: 'client' },
    says: html`${line(html`${first} <span class="connection">connection ${event.connection}</span>`)}<details${
      asksForUpgrade ? html` open` : nothing
    }><summary>${countOf(event.headers.length, 'header')}</summary><pre>${head}</pre></details>${bodyHtml(event.body.trim())}`,
  }
}

function bodyHtml(body: string): Html {
  if (body === '') return nothing
  // JSON has no spaces on the wire. Where a line has to end, it ends behind a comma.
  const parts = body.split(/(?<=,)/).map((part) => html`${part}<wbr>`)
  const shown = html`<pre class="body">${parts}</pre>`
  if (body.length <= bodyLength) return shown
  return html`<details><summary>Body, ${body.length} characters</summary>${shown}</details>`
}

/** An ID has 64 digits. The first twelve are enough to know it again; the whole one is in the head. */
function shortIds(path: string): string {
  return path.replace(/[0-9a-f]{64}/g, (id) => `${id.slice(0, 12)}…`)
}
