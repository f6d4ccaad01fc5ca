/**
 * A row of the diagram: the lifelines as they are at that moment, an arrow among them, and beside
 * it what happened.
 *
 * @module
 */

import type { EventKind } from '../../tape/event.ts'
import type { Moment } from '../../tape/moments.ts'
import { actors, changedFlags, narrate } from '../../tape/narrate.ts'
import { countOf } from '../../text/count.ts'
import { type Html, html, nothing } from './html.ts'

/** What the filter of the page goes by. */
type Group = 'stage' | 'http' | 'bytes' | 'terminal'

function groupOf(kind: EventKind): Group {
  switch (kind) {
    case 'stage begins':
    case 'stage ended':
    case 'over':
      return 'stage'
    case 'request':
    case 'answer':
    case 'no answer':
    case 'upgrade':
      return 'http'
    case 'terminal':
    case 'window':
    case 'signal':
      return 'terminal'
    default:
      return 'bytes'
  }
}

/**
 * A row. Every row can be linked to, and holds what a script needs to step through the run: its
 * group, its time, and what is so at that moment.
 */
export function rowHtml(moment: Moment, what: Html): Html {
  const { kind, at } = moment.event
  const data = JSON.stringify({
    at: timeText(at),
    state: anchorOf(moment.stateAt),
    words: momentInWords(moment),
  })
  const group = groupOf(kind)
  const name = kind.replace('stage ', '').replaceAll(' ', '-')
  return html`<li class="row ${group} ${name}" id="${anchorOf(moment.number)}" data-group="${group}" data-moment="${data}">${lanesHtml(moment)}<div class="what">${what}</div></li>`
}

/** The link to a row, which is also its time. */
export function timeHtml({ number, event }: Moment): Html {
  return html`<a class="time" href="#${anchorOf(number)}" title="Link to this moment">${timeText(event.at)}</a>`
}

function anchorOf(number: number): string {
  return `event-${number - 1}`
}

/** `12.3 ms`, `4.56 s`. */
export function timeText(milliseconds: number): string {
  return milliseconds < 1000
    ? `${milliseconds.toFixed(1)} ms`
    : `${(milliseconds / 1000).toFixed(2)} s`
}

/** What is so at a moment, for a person who steps through the run. */
function momentInWords(moment: Moment): Readonly<Record<string, string>> {
  const { terminal, window, flagsBefore, flags } = moment
  const changed = changedFlags(flagsBefore, flags)
  const on = changed.filter((flag) => flags?.[flag])
  const off = changed.filter((flag) => !flags?.[flag])
  return {
    ...(terminal !== 'none' && { 'your terminal': terminal }),
    ...(off.length > 0 && { 'flags off': off.join(' ') }),
    ...(on.length > 0 && { 'flags on': on.join(' ') }),
    ...(window && { window: `${window.rows} rows, ${window.columns} columns` }),
    'connection 1': moment.connection1,
    'connection 2': moment.connection2,
    sent: countOf(moment.sent, 'byte'),
    received: countOf(moment.received, 'byte'),
  }
}

/** The lifelines say nothing that the text beside them does not: a screen reader skips them. */
function lanesHtml(moment: Moment): Html {
  const states = [
    'person',
    moment.terminal.replace(' ', '-'),
    'process',
    moment.connection1.replace(' ', '-'),
    moment.connection2.replace(' ', '-'),
  ]
  const lanes = states.map((state) => html`<i class="lane ${state}"></i>`)
  return html`<div class="lanes" aria-hidden="true">${lanes}${arrowHtml(moment)}</div>`
}

function arrowHtml(moment: Moment): Html {
  const { kind } = moment.event
  // A stage has its heading, and the header of a frame the arrow of the bytes that it came with.
  if (kind === 'stage begins' || kind === 'stage ended' || kind === 'frame') return nothing
  const narration = narrate(moment)
  const from = actors.indexOf(narration.from)
  const to = actors.indexOf(narration.to)
  if (from === to) return html`<b class="mark from-${from}"></b>`
  return html`<b class="arrow ${from < to ? 'right' : 'left'} from-${Math.min(from, to)} to-${Math.max(from, to)}"></b>`
}
