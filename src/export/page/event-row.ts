/**
 * An event as a row of the diagram: its words, and below them its headers and body or its bytes.
 *
 * @module
 */

import type { EventOf } from '../../tape/event.ts'
import type { Moment } from '../../tape/moments.ts'
import { type Narration, narrate } from '../../tape/narrate.ts'
import { countOf } from '../../text/count.ts'
import { shortIds } from '../../text/hex.ts'
import { bytesHtml, fewBytes, preview } from './bytes.ts'
import { type Html, html, nothing } from './html.ts'
import { rowHtml, timeHtml } from './row.ts'

/** A body that is longer than this is folded: the JSON of a whole container has thousands. */
const bodyLength = 300

type MessageEvent = EventOf<'request' | 'answer'>

/** Makes the row. */
export function eventRow(moment: Moment): Html {
  const narration = narrate(moment)
  const { event } = moment
  const note = noteHtml(moment, narration)
  switch (event.kind) {
    case 'request':
    case 'answer': {
      const title = html`${messageTitle(event)} <span class="connection">connection ${event.connection}</span>`
      return rowHtml(moment, html`${titleLine(title, moment)}${note}${messageHtml(event)}`)
    }
    case 'sent':
    case 'received': {
      const { pieces } = moment
      // A key and its echo are a few bytes. They fit into the line, and a session has hundreds.
      const few = fewBytes(pieces, event.length)
      const hex = few === undefined ? nothing : html` <code class="hex">${few}</code>`
      const title = html`<b>${narration.title}</b> <code>${preview(pieces)}</code>${hex}`
      const bytes = few === undefined ? bytesHtml(pieces) : nothing
      return rowHtml(moment, html`${titleLine(title, moment)}${bytes}${note}`)
    }
    default:
      return rowHtml(moment, html`${titleLine(html`<b>${narration.title}</b>`, moment)}${note}`)
  }
}

function titleLine(title: Html, moment: Moment): Html {
  return html`<p class="title">${title} ${timeHtml(moment)}</p>`
}

function noteHtml({ event }: Moment, { note }: Narration): Html {
  if (note === '') return nothing
  const flags = event.kind === 'terminal' ? html` <a href="#terminal">All flags</a>` : nothing
  return html`<p class="${event.kind === 'over' ? 'failure' : 'note'}">${note}${flags}</p>`
}

function messageTitle(event: MessageEvent): Html {
  return event.kind === 'request'
    ? html`<b>${event.method}</b> <code>${shortIds(event.path)}</code>`
    : html`<b>${event.status}</b> ${event.reason}`
}

function messageHtml(event: MessageEvent): Html {
  const first =
    event.kind === 'request'
      ? `${event.method} ${event.path} HTTP/1.1`
      : `HTTP/1.1 ${event.status} ${event.reason}`
  const head = [first, ...event.headers.map(([name, value]) => `${name}: ${value}`)].join('\n')
  const asksForUpgrade = event.headers.some(([name]) => name.toLowerCase() === 'upgrade')
  return html`<details${
    asksForUpgrade ? html` open` : nothing
  }><summary>${countOf(event.headers.length, 'header')}</summary><pre>${head}</pre></details>${bodyHtml(event.body.trim())}`
}

function bodyHtml(body: string): Html {
  if (body === '') return nothing
  // JSON has no spaces on the wire. Where a line has to end, it ends after a comma.
  const parts = body.split(/(?<=,)/).map((part) => html`${part}<wbr>`)
  const shown = html`<pre class="body">${parts}</pre>`
  if (body.length <= bodyLength) return shown
  return html`<details><summary>Body, ${body.length} characters</summary>${shown}</details>`
}
