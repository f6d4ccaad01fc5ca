/**
 * Shows an event as a row of the diagram: its title and note, then its bytes
 * field by field.
 *
 * @module
 */

import type { EventOf } from '../../tape/event.ts'
import type { Field } from '../../tape/fields.ts'
import { partOfHeader } from '../../tape/grammar/frame-fields.ts'
import type { Moment } from '../../tape/moments.ts'
import { type Narration, narrate } from '../../tape/narrate.ts'
import { countOf } from '../../text/count.ts'
import { shortIds } from '../../text/hex.ts'
import { type FieldsOptions, fieldsHtml } from './fields-html.ts'
import { type Html, html, nothing } from './html.ts'
import { rowHtml, timeHtml } from './row.ts'

/**
 * A message with a longer body is folded. A container's JSON has thousands of
 * characters.
 */
const bodyLength = 300

/** This many bytes fit beside the title. A session has hundreds of keys. */
const fewBytes = 8

type MessageEvent = EventOf<'request' | 'answer'>

/**
 * Returns the row.
 *
 * @param fields - the fields of its bytes
 */
export function eventRow(moment: Moment, fields: readonly Field[]): Html {
  const narration = narrate(moment)
  const { event } = moment
  const note = noteHtml(moment, narration)
  const options = {
    id: `bytes-${moment.number}`,
    caption: `Event ${moment.number}, field by field: ${shortIds(narration.title)}`,
  }
  switch (event.kind) {
    case 'request':
    case 'answer': {
      const title = html`${messageTitle(event)} <span class="connection connection-${event.connection}">connection ${event.connection}</span>`
      return rowHtml(
        moment,
        html`${titleLine(title, moment)}${note}${messageHtml(event, fields, options)}`,
      )
    }
    case 'sent':
    case 'received': {
      const title = titleLine(html`<b>${narration.title}</b>`, moment)
      const bytes = fieldsHtml(fields, options)
      if (isShort(event, moment))
        return rowHtml(moment, html`<div class="short">${title}${bytes}</div>${note}`)
      return rowHtml(moment, html`${title}${splitHtml(moment)}${bytes}${note}`)
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

/** Whether these bytes fit beside the title. */
function isShort({ length }: EventOf<'sent' | 'received'>, { pieces }: Moment): boolean {
  return length <= fewBytes && pieces.every(({ headerAt }) => headerAt === undefined)
}

/** Says of each frame header in two reads which part of it is here. */
function splitHtml({ pieces }: Moment): Html {
  const parts = pieces.flatMap((piece) =>
    piece.headerAt === undefined ? [] : (partOfHeader(piece) ?? []),
  )
  return html`${parts.map((part) => html`<p class="note">A frame header in two reads. Here is the ${part}.</p>`)}`
}

/** The message field by field, with the exit code marked. */
function messageHtml(
  event: MessageEvent,
  fields: readonly Field[],
  options: { readonly id: string; readonly caption: string },
): Html {
  const length = event.body.trim().length
  const mark = exitCodeIn(fields)
  const asksForUpgrade = event.headers.some(([name]) => name.toLowerCase() === 'upgrade')
  const isOpen = asksForUpgrade || mark !== undefined || (length > 0 && length <= bodyLength)
  const body = length > 0 ? html`, a body of ${countOf(length, 'character')}` : nothing
  return html`<details${isOpen ? html` open` : nothing}><summary>${countOf(event.headers.length, 'header')}${body}</summary>${fieldsHtml(fields, { ...options, ...(mark && { mark }) })}</details>`
}

/** Returns the place of the exit code in the answer that holds it. */
function exitCodeIn(fields: readonly Field[]): FieldsOptions['mark'] {
  const at = fields.findIndex(({ rule }) => rule === 'inspect ExitCode')
  const field = fields[at]
  if (!field) return undefined
  const from = fields.slice(0, at).reduce((sum, { bytes }) => sum + bytes.length, 0)
  return { from, to: from + field.bytes.length }
}
