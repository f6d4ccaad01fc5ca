/**
 * Shows a part of a recorded run beside the code that caused it: each moment
 * with its bytes field by field, and the line that repeats it.
 *
 * A session has hundreds of keys, so consecutive bytes form one conversation,
 * folded after its beginning, with one table for all of them.
 *
 * @module
 */

import { terminalHtml } from '../export/page/end-of-page.ts'
import { fieldsHtml, fieldTableHtml } from '../export/page/fields-html.ts'
import { type Html, html, nothing } from '../export/page/html.ts'
import { timeText } from '../export/page/row.ts'
import { hasBytes, type Tape } from '../tape/event.ts'
import { type Field, fieldsIn } from '../tape/fields.ts'
import { type Moment, momentsOf } from '../tape/moments.ts'
import { narrate, signOf } from '../tape/narrate.ts'
import { type OwnedMoment, type PartName, partsOf } from '../tape/parts.ts'
import { countOf } from '../text/count.ts'
import { shortIds } from '../text/hex.ts'
import { preparationFor, reproductionOf } from './reproduce.ts'
import { preparationHtml, reproduceHtml } from './reproduce-html.ts'
import type { CameBackFor } from './reproduced.ts'

/** A recorded run and what tells it from the other one. */
export type LabelledTape = {
  readonly label: string
  readonly tape: Tape
  /**
   * What a daemon returned for a line that repeats an exchange of the run.
   */
  readonly cameBack?: CameBackFor
}

/** A recorded run, ready to be shown part by part. */
export type ShownRun = {
  /** The beginning of its ids on a page. */
  readonly id: string
  /** What tells it from the other run of a page: `with a terminal`. */
  readonly label: string
  readonly tape: Tape
  readonly cameBack: CameBackFor
  readonly moments: readonly Moment[]
  readonly owned: readonly OwnedMoment[]
  /** The fields of each event. */
  readonly fields: readonly (readonly Field[])[]
}

/** Prepares a run. */
export function openRun(
  { tape, label, cameBack = () => undefined }: LabelledTape,
  id: string,
): ShownRun {
  const moments = momentsOf(tape.events)
  return {
    id,
    label,
    tape,
    cameBack,
    moments,
    owned: partsOf(moments),
    fields: fieldsIn(tape.events),
  }
}

/** Returns the moments of some parts of a run in order. */
export function momentsIn({ owned }: ShownRun, parts: readonly PartName[]): Moment[] {
  return owned.filter(({ part }) => parts.includes(part)).map(({ moment }) => moment)
}

/** How many events of a conversation are shown before the rest is folded. */
const eventsShown = 8

/** Returns the moments of some parts, or nothing if the run has none. */
export function partHtml(run: ShownRun, parts: readonly PartName[]): Html {
  const groups = conversationsIn(momentsIn(run, parts))
  const shown = groups.map((group) =>
    group.length > 1
      ? conversationHtml(run, group)
      : group.map((moment) => momentHtml(run, moment)),
  )
  // The table of flags has the readings before and after in it.
  const flags = parts.includes('raw mode') ? terminalHtml(run.tape, false) : nothing
  return html`${shown.flat()}${groups.length > 0 ? flags : nothing}`
}

/** Groups consecutive bytes. Every other moment is a group of its own. */
function conversationsIn(moments: readonly Moment[]): Moment[][] {
  const groups: Moment[][] = []
  for (const moment of moments) {
    const last = groups.at(-1)
    if (last?.[0] && hasBytes(last[0].event) && hasBytes(moment.event)) last.push(moment)
    else groups.push([moment])
  }
  return groups
}

function conversationHtml(run: ShownRun, moments: readonly Moment[]): Html {
  const lines = moments.map((moment) => momentHtml(run, moment, false))
  const rest = lines.slice(eventsShown)
  const fields = moments.flatMap(({ number }) => run.fields[number - 1] ?? [])
  const folded = html`<details class="more"><summary>${countOf(rest.length, 'more event')} of this conversation</summary>${rest}</details>`
  const [first] = moments
  if (!first) return nothing
  const id = `${run.id}-${first.number}-all`
  return html`<div class="conversation">${lines.slice(0, eventsShown)}${rest.length > 0 ? folded : nothing}</div>${fieldTableHtml(fields, id, captionOf(run, first))}`
}

/** Names the table of an event, or of a conversation that begins with it. */
function captionOf({ label }: ShownRun, moment: Moment): string {
  return `Event ${moment.number} of the run ${label}: ${shortIds(narrate(moment).title)}`
}

/**
 * Returns one moment: what happened, its fields, what it means, and how to
 * repeat it.
 */
function momentHtml(run: ShownRun, moment: Moment, table = true): Html {
  const { event, number } = moment
  const narration = narrate(moment)
  const id = `${run.id}-${number}`
  const fields = run.fields[number - 1] ?? []
  const sign = signOf(narration)
  const kind = event.kind.replaceAll(' ', '-')
  const direction =
    sign === undefined
      ? nothing
      : html`<span class="sign sign-${sign.replace(/[^12]/g, '')}">${sign}</span> `
  const isShort = hasBytes(event) && event.length <= 8
  const note = narration.note === '' ? nothing : html`<p class="note">${narration.note}</p>`
  return html`<div class="moment ${kind}${isShort ? ' short' : ''}" id="${id}"><p class="title">${direction}<b>${shortIds(narration.title)}</b> <a class="time" href="#${id}" title="Link to this moment">${timeText(event.at)}</a></p>${note}${fieldsHtml(fields, { id, table, caption: captionOf(run, moment) })}${reproductionHtml(run, moment)}</div>`
}

function reproductionHtml({ id, tape, cameBack }: ShownRun, { event }: Moment): Html {
  const reproduction = reproductionOf(tape.events, event)
  if (!reproduction) return nothing
  return html`<details class="repeat"><summary>Repeat it with a shell</summary>${reproduceHtml(reproduction, preparationIdOf(id), cameBack(reproduction.line))}</details>`
}

/** The id of what a shell needs before it can repeat a run. */
function preparationIdOf(runId: string): string {
  return `${runId}-shell`
}

/** Returns what a shell needs once, to repeat some parts of a run. */
export function shellHtml(run: ShownRun, parts: readonly PartName[]): Html {
  const { id, label, tape } = run
  const reproductions = momentsIn(run, parts).flatMap(
    ({ event }) => reproductionOf(tape.events, event) ?? [],
  )
  return preparationHtml(preparationFor(reproductions), preparationIdOf(id), label)
}
