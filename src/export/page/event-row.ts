/**
 * Shows an event as a row of the diagram: its title and note, then its
 * headers and body or its bytes.
 *
 * @module
 */

import type { EventOf } from '../../tape/event.ts'
import type { Field } from '../../tape/fields.ts'
import type { Moment } from '../../tape/moments.ts'
import { type Narration, narrate } from '../../tape/narrate.ts'
import { countOf } from '../../text/count.ts'
import { shortIds } from '../../text/hex.ts'
import { bytesHtml, fewBytes, preview } from './bytes.ts'
import { fieldsHtml } from './fields-html.ts'
import { type Html, html, nothing } from './html.ts'
import { rowHtml, timeHtml } from './row.ts'

/**
 * A body with more characters is folded. A container's JSON has thousands.
 */
const bodyLength = 300

type MessageEvent = EventOf<'request' | 'answer'>

/**
 * Returns the row.
 *
 * @param request - if the event is an answer, the request that it belongs to
 * @param fields - the fields of its bytes
 */
export function eventRow(
  moment: Moment,
  request: EventOf<'request'> | undefined,
  fields: readonly Field[],
): Html {
  const narration = narrate(moment)
  const { event } = moment
  const note = noteHtml(moment, narration)
  switch (event.kind) {
    case 'request':
    case 'answer': {
      const title = html`${messageTitle(event)} <span class="connection connection-${event.connection}">connection ${event.connection}</span>`
      return rowHtml(
        moment,
        html`${titleLine(title, moment)}${note}${headHtml(event, fields, `head-${moment.number}`)}${bodyHtml(event.body.trim(), hasExitCode(request))}`,
      )
    }
    case 'sent':
    case 'received': {
      const { pieces } = moment
      // A key and its echo are a few bytes that fit into the title, and a
      // session has hundreds.
      const few = fewBytes(pieces, event.length)
      const hex = few === undefined ? nothing : html` <code class="hex">${few}</code>`
      const text = preview(pieces)
      const words = text === '' ? nothing : html` <code>${text}</code>`
      const title = html`<b>${narration.title}</b>${words}${hex}`
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
  // If typed input is not on the tape, the legend says so once instead of
  // each key.
  const isBareKey = event.kind === 'sent' && event.typed && event.hex === undefined
  if (note === '' || isBareKey) return nothing
  const flags = event.kind === 'terminal' ? html` <a href="#terminal">All flags</a>` : nothing
  return html`<p class="${event.kind === 'over' ? 'failure' : 'note'}">${note}${flags}</p>`
}

function messageTitle(event: MessageEvent): Html {
  return event.kind === 'request'
    ? html`<b>${event.method}</b> <code>${shortIds(event.path)}</code>`
    : html`<b>${event.status}</b> ${event.reason}`
}

/** The first line and the headers, field by field. */
function headHtml(event: MessageEvent, fields: readonly Field[], id: string): Html {
  const end = fields.findIndex(({ rule }) => rule === 'blank line') + 1
  const asksForUpgrade = event.headers.some(([name]) => name.toLowerCase() === 'upgrade')
  const head = fieldsHtml(fields.slice(0, end), { id, caption: 'The head, field by field' })
  return html`<details${
    asksForUpgrade ? html` open` : nothing
  }><summary>${countOf(event.headers.length, 'header')}</summary>${head}</details>`
}

/** Whether the answer to this request holds the exit code. */
function hasExitCode(request: EventOf<'request'> | undefined): boolean {
  return request !== undefined && /\/exec\/[^/]+\/json$/.test(request.path)
}

/**
 * @param withExitCode - show the body unfolded and mark the exit code in it
 */
function bodyHtml(body: string, withExitCode: boolean): Html {
  if (body === '') return nothing
  // JSON has no spaces on the wire, so lines break after commas.
  const parts = body.split(/(?<=,)/).map((part) => {
    const isMarked = withExitCode && part.startsWith('"ExitCode":')
    return isMarked ? html`<mark>${part}</mark><wbr>` : html`${part}<wbr>`
  })
  const shown = html`<pre class="body">${parts}</pre>`
  if (body.length <= bodyLength || withExitCode) return shown
  return html`<details><summary>Body, ${body.length} characters</summary>${shown}</details>`
}
