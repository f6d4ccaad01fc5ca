/**
 * A row of the diagram: the lifelines as they are at that moment, an arrow among them, and beside
 * it what happened.
 *
 * @module
 */

import { type Html, html, nothing } from './html.ts'
import { type Moment, momentInWords } from './moment.ts'

/** The lifelines, from left to right. */
export const lifelines = {
  you: 0,
  terminal: 1,
  client: 2,
  connection1: 3,
  connection2: 4,
} as const

/** A name of a lifeline. */
export type Lifeline = keyof typeof lifelines

/** What a row says, and where its arrow goes. */
export type Saying = {
  /** What a filter goes by. */
  readonly group: 'stage' | 'http' | 'bytes' | 'terminal'
  /** From one lifeline to another one, or a mark on one. Without it there are the lifelines only. */
  readonly arrow?: { readonly from: Lifeline; readonly to: Lifeline } | { readonly on: Lifeline }
  /** How the arrow is drawn. */
  readonly kind: string
  readonly says: Html
}

/** Where a row stands: its event's place in the tape, its time, and what is so then. */
export type Standing = { readonly place: number; readonly at: number; readonly moment: Moment }

/**
 * A row as an element of this name. Every row can be linked to, and holds what a script needs to
 * step through the run: its group, its time, and what is so at that moment.
 */
export function rowHtml(
  element: 'li' | 'div',
  { group, arrow, kind, says }: Saying,
  { place, at, moment }: Standing,
): Html {
  const data = JSON.stringify({
    at: timeText(at),
    state: `event-${moment.state}`,
    words: momentInWords(moment),
  })
  const attributes = html`class="row ${group} ${kind}" id="event-${place}" data-group="${group}" data-moment="${data}"`
  const content = html`${lanesHtml(moment, arrow)}<div class="what">${says}</div>`
  return element === 'li'
    ? html`<li ${attributes}>${content}</li>`
    : html`<div ${attributes}>${content}</div>`
}

/** The link to a row, which is also its time. */
export function timeHtml({ place, at }: Standing): Html {
  return html`<a class="time" href="#event-${place}" title="Link to this moment">${timeText(at)}</a>`
}

/** `12.3 ms`, `4.56 s`. */
export function timeText(milliseconds: number): string {
  return milliseconds < 1000
    ? `${milliseconds.toFixed(1)} ms`
    : `${(milliseconds / 1000).toFixed(2)} s`
}

/** The lifelines say nothing that the text beside them does not: they are hidden from a reader's voice. */
function lanesHtml(moment: Moment, arrow: Saying['arrow']): Html {
  const states = [
    'person',
    moment.terminal.replace(' ', '-'),
    'process',
    moment.connection1.replace(' ', '-'),
    moment.connection2.replace(' ', '-'),
  ]
  const lanes = states.map((state) => html`<i class="lane ${state}"></i>`)
  return html`<div class="lanes" aria-hidden="true">${lanes}${arrow ? arrowHtml(arrow) : nothing}</div>`
}

function arrowHtml(arrow: NonNullable<Saying['arrow']>): Html {
  if ('on' in arrow) return html`<b class="mark from-${lifelines[arrow.on]}"></b>`
  const from = lifelines[arrow.from]
  const to = lifelines[arrow.to]
  return html`<b class="arrow ${from < to ? 'right' : 'left'} from-${Math.min(from, to)} to-${Math.max(from, to)}"></b>`
}
