/**
 * The stages as sections of the page: the question, the state that goes in, the events, what
 * happened, and the state that comes out with what the stage added to it.
 *
 * @module
 */

import type { EventOf, Tape, TapedState, TapeEvent } from '../../tape/event.ts'
import { type Moment, momentsOf } from '../../tape/moments.ts'
import { heldText, narrate } from '../../tape/narrate.ts'
import { addedNames, changedNames, valueText } from '../../tape/state.ts'
import { countOf } from '../../text/count.ts'
import { eventRow } from './event-row.ts'
import { type Html, html, nothing } from './html.ts'
import { rowHtml, timeHtml, timeText } from './row.ts'

type Begin = EventOf<'stage begins'>
type End = EventOf<'stage ended'>

/** Where a stage's section is found. */
export function stageAnchor(number: number): string {
  return `stage-${number}`
}

/** The whole run, section by section. */
export function stagesHtml({ events }: Tape): Html[] {
  const sections: Html[] = []
  let rows: Html[] = []
  let begin: Begin | undefined
  const closeSection = (): void => {
    if (begin || rows.length > 0) sections.push(sectionHtml(begin, rows))
    rows = []
  }

  momentsOf(events).forEach((moment, place) => {
    const { event } = moment
    if (event.kind === 'stage begins') {
      closeSection()
      begin = event
      rows.push(beginRow(event, moment))
    } else if (event.kind === 'stage ended') {
      rows.push(endRow(event, begin?.state ?? {}, moment))
    } else if (event.kind !== 'frame' || !isShown(events, place)) {
      rows.push(eventRow(moment))
    }
  })
  closeSection()
  return sections
}

/** Whether a frame's header is among the bytes that are shown above it, where it is explained. */
function isShown(events: readonly TapeEvent[], place: number): boolean {
  let at = place
  while (events[at]?.kind === 'frame') at -= 1
  const bytes = events[at]
  return bytes?.kind === 'received' && bytes.hex !== undefined && bytes.hex !== ''
}

function sectionHtml(begin: Begin | undefined, rows: readonly Html[]): Html {
  const list = html`<ol class="events">${rows}</ol>`
  if (!begin) return html`<section aria-label="Before the first stage">${list}</section>`
  const anchor = stageAnchor(begin.number)
  return html`<section id="${anchor}" aria-labelledby="${anchor}-title">${list}</section>`
}

function beginRow({ number, name, question, state }: Begin, moment: Moment): Html {
  const values = valuesHtml(state, Object.keys(state), '')
  const says = html`<h2 id="${stageAnchor(number)}-title"><span class="number">${number}</span> ${name}</h2>
<p class="question">${question}</p>
<p class="note">${narrate(moment).note}</p>
<details${number === 1 ? html` open` : html` class="again"`}><summary>State in: ${countOf(Object.keys(state).length, 'value')}</summary>${values}</details>`
  return rowHtml(moment, says)
}

function endRow({ state, held, milliseconds }: End, before: TapedState, moment: Moment): Html {
  const added = addedNames(before, state)
  const changed = changedNames(before, state)
  const same = Object.keys(state).filter((name) => !added.includes(name) && !changed.includes(name))
  const rest = html`<details class="again"><summary>and ${same.length} more, as before</summary>${valuesHtml(state, same, '')}</details>`
  const says = html`<p class="story">${narrate(moment).note}</p>
<h3>State out ${timeHtml(moment)}</h3>
${added.length + changed.length === 0 ? html`<p class="note">Nothing was added.</p>` : nothing}${valuesHtml(state, added, 'added')}${valuesHtml(state, changed, 'changed')}${same.length > 0 ? rest : nothing}
<p class="note">${heldText(held)}. The stage took ${timeText(milliseconds)}.</p>`
  return rowHtml(moment, says)
}

function valuesHtml(
  state: TapedState,
  names: readonly string[],
  mark: '' | 'added' | 'changed',
): Html {
  if (names.length === 0) return nothing
  const values = names.map(
    (name) =>
      html`<div class="${mark}"><dt>${name}${mark ? html` <span class="mark-word">${mark}</span>` : nothing}</dt><dd><code>${valueText(state[name])}</code></dd></div>`,
  )
  return html`<dl class="values">${values}</dl>`
}
