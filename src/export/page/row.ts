/**
 * A row of the diagram: the lifelines at that moment, an arrow, and the event
 * beside them.
 *
 * @module
 */

import type { EventKind } from '../../tape/event.ts'
import type { Moment } from '../../tape/moments.ts'
import { actors, changedFlags, narrate } from '../../tape/narrate.ts'
import { countOf } from '../../text/count.ts'
import { type Html, html, nothing } from './html.ts'

/** The groups of the page's filter. */
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
 * Returns a row. It has an id to link to, and the data that the script shows
 * when you step to it: its group, its time and the situation at that moment.
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

/** Returns the time of a row as a link to it. */
export function timeHtml({ number, event }: Moment): Html {
  return html`<a class="time" href="#${anchorOf(number)}" title="Link to this moment">${timeText(event.at)}</a>`
}

function anchorOf(number: number): string {
  return `event-${number - 1}`
}

/** Returns a time as text: `12.3 ms`, `4.56 s`. */
export function timeText(milliseconds: number): string {
  return milliseconds < 1000
    ? `${milliseconds.toFixed(1)} ms`
    : `${(milliseconds / 1000).toFixed(2)} s`
}

/** Describes the situation at a moment, by the labels of the player. */
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

/** The lifelines. Screen readers skip them because the text says the same. */
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
  // A stage has a heading instead. A frame header shares the arrow of its
  // bytes.
  if (kind === 'stage begins' || kind === 'stage ended' || kind === 'frame') return nothing
  const narration = narrate(moment)
  const from = actors.indexOf(narration.from)
  const to = actors.indexOf(narration.to)
  if (from === to) return html`<b class="mark from-${from}"></b>`
  return html`<b class="arrow ${from < to ? 'right' : 'left'} from-${Math.min(from, to)} to-${Math.max(from, to)}"></b>`
}
