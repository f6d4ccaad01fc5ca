/**
 * Shows the stages as sections of the page: the question, the state in, the
 * events, what happened, and the state out with what the stage added.
 *
 * @module
 */

import type { EventOf, TapedState, TapeEvent } from '../../tape/event.ts'
import { type Field, fieldsIn } from '../../tape/fields.ts'
import { type Moment, momentsOf } from '../../tape/moments.ts'
import { heldText, narrate } from '../../tape/narrate.ts'
import { addedNames, changedNames, valueText } from '../../tape/state.ts'
import { countOf } from '../../text/count.ts'
import { eventRow } from './event-row.ts'
import { type Html, html, nothing } from './html.ts'
import { createFieldJoiner } from './joined-fields.ts'
import { rowHtml, timeHtml, timeText } from './row.ts'

type Begin = EventOf<'stage begins'>
type End = EventOf<'stage ended'>

/** Returns the id of a stage's section. */
export function stageAnchor(number: number): string {
  return `stage-${number}`
}

/** A row of the diagram. */
export type Row = {
  /** The index of its event on the tape. */
  readonly place: number
  /** The id of its section. */
  readonly section: string
  readonly html: Html
  /**
   * False while it ends inside a frame header: the rest of the header may
   * change the row.
   */
  readonly isSettled: boolean
}

/** Returns the rows of a run in order, from the event with index `first`. */
export function rowsFrom(events: readonly TapeEvent[], first: number): Row[] {
  const fields = fieldsIn(events)
  const shownFields = createFieldJoiner()
  return momentsOf(events).flatMap((moment, place) => {
    const all = fields[place] ?? []
    const own = isOnWire(moment.event) ? shownFields(all) : all
    if (place < first || isShownAbove(events, place)) return []
    const section = moment.stage ? stageAnchor(moment.stage.number) : beforeStages
    const isSettled = moment.pieces.every(({ headerAt, frame }) => headerAt === undefined || frame)
    return [{ place, section, html: rowOf(moment, own), isSettled }]
  })
}

/** Whether the row shows the bytes of a session. */
function isOnWire({ kind }: TapeEvent): boolean {
  return kind === 'sent' || kind === 'received'
}

/** Puts rows into their sections. */
export function sectionsHtml(rows: readonly Row[]): Html[] {
  const sections = [...new Set(rows.map(({ section }) => section))]
  return sections.map((section) => {
    const own = rows.filter((row) => row.section === section).map((row) => row.html)
    const name =
      section === beforeStages
        ? html`aria-label="Before the first stage"`
        : html`aria-labelledby="${section}-title"`
    return html`<section id="${section}" ${name}><ol class="events">${own}</ol></section>`
  })
}

/** The section for events before the first stage. */
const beforeStages = 'before-stages'

function rowOf(moment: Moment, fields: readonly Field[]): Html {
  const { event, stage } = moment
  if (event.kind === 'stage begins') return beginRow(event, moment)
  if (event.kind === 'stage ended') return endRow(event, stage?.state ?? {}, moment)
  return eventRow(moment, fields)
}

/**
 * Whether this is a frame header that the row above already explains among
 * its bytes.
 */
function isShownAbove(events: readonly TapeEvent[], place: number): boolean {
  if (events[place]?.kind !== 'frame') return false
  let at = place
  while (events[at]?.kind === 'frame') at -= 1
  const bytes = events[at]
  return bytes?.kind === 'received' && bytes.hex !== undefined && bytes.hex !== ''
}

function beginRow({ number, name, question, state }: Begin, moment: Moment): Html {
  const values = valuesHtml(state, Object.keys(state), '')
  const content = html`<h2 id="${stageAnchor(number)}-title"><span class="number">${number}</span> ${name}</h2>
<p class="question">${question}</p>
<p class="note">${narrate(moment).note}</p>
<details${number === 1 ? html` open` : html` class="again"`}><summary>State in: ${countOf(Object.keys(state).length, 'value')}</summary>${values}</details>`
  return rowHtml(moment, content)
}

function endRow({ state, held, milliseconds }: End, before: TapedState, moment: Moment): Html {
  const added = addedNames(before, state)
  const changed = changedNames(before, state)
  const same = Object.keys(state).filter((name) => !added.includes(name) && !changed.includes(name))
  const rest = html`<details class="again"><summary>plus ${countOf(same.length, 'unchanged value')}</summary>${valuesHtml(state, same, '')}</details>`
  const content = html`<p class="story">${narrate(moment).note}</p>
<h3>State out ${timeHtml(moment)}</h3>
${added.length + changed.length === 0 ? html`<p class="note">The stage added nothing.</p>` : nothing}${valuesHtml(state, added, 'added')}${valuesHtml(state, changed, 'changed')}${same.length > 0 ? rest : nothing}
<p class="note">${heldText(held)}. The stage took ${timeText(milliseconds)}.</p>`
  return rowHtml(moment, content)
}

/**
 * Returns some values of a state.
 *
 * @param mark - what the stage did to them
 */
export function valuesHtml(
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
