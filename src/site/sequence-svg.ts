/**
 * Draws the sequence diagram of a part of a run as SVG. It is narrow enough
 * for a phone: the words stand above their arrow, not beside it.
 *
 * @module
 */

import { type Html, html, nothing } from '../export/page/html.ts'
import { type Row, sequenceRows } from '../show/sequence.ts'
import type { Moment } from '../tape/moments.ts'
import { type Actor, actors } from '../tape/narrate.ts'
import { wrapText } from '../text/width.ts'

/** The distance between two lifelines, and of the first from the edge. */
const gap = 71
const margin = 28

const width = 2 * margin + gap * (actors.length - 1)

/** The height of a line of text, and of the place for an arrow. */
const lineHeight = 16
const arrowHeight = 22

/** Where the first row begins, below the names. */
const namesHeight = 34

/** How many characters fit into a line, and how wide one is about. */
const lineLength = 45
const characterWidth = 7.4

const names: Readonly<Record<Actor, string>> = {
  you: 'you',
  terminal: 'terminal',
  client: 'client',
  connection1: 'conn. 1',
  connection2: 'conn. 2',
}

/**
 * Returns the diagram. Empty if nothing is to be drawn.
 *
 * @param id - the beginning of its ids. It has to be unique on the page.
 * @param title - what it shows, for screen readers
 */
export function sequenceSvg(moments: readonly Moment[], id: string, title: string): Html {
  const rows = sequenceRows(moments)
  if (rows.length === 0) return nothing
  let top = namesHeight
  const drawn = rows.map((row) => {
    const lines = wrapText(row.text, lineLength)
    const height = lines.length * lineHeight + arrowHeight
    const shown = rowSvg(row, lines, top, height)
    top += height
    return shown
  })
  const words = rows.map(({ from, to, text }) =>
    from === to ? `${names[from]}: ${text}` : `${names[from]} to ${names[to]}: ${text}`,
  )
  return html`<svg class="sequence" viewBox="0 0 ${width} ${top + 6}" role="img" aria-labelledby="${id}-title ${id}-words">
<title id="${id}-title">${title}</title>
<desc id="${id}-words">${words.join('. ')}.</desc>
${actors.map((actor) => html`<text class="name" x="${xOf(actor)}" y="20">${names[actor]}</text>`)}
${drawn}
</svg>`
}

function xOf(actor: Actor): number {
  return margin + gap * actors.indexOf(actor)
}

function rowSvg(row: Row, lines: readonly string[], top: number, height: number): Html {
  const { from, to } = row
  const low = Math.min(xOf(from), xOf(to))
  const longest = Math.max(...lines.map(({ length }) => length)) * characterWidth
  const left = Math.max(4, Math.min(low + 6, width - longest))
  const words = lines.map(
    (line, at) => html`<text x="${left}" y="${top + 13 + at * lineHeight}">${line}</text>`,
  )
  // The lifelines stop at the words.
  const paper = html`<rect class="paper" x="${left - 4}" y="${top - 1}" width="${Math.round(longest * 0.93) + 6}" height="${lines.length * lineHeight + 3}"/>`
  const lifelines = actors.map((actor) => {
    const state = stateOf(actor, row.moment)
    return html`<line class="lifeline ${state}" x1="${xOf(actor)}" x2="${xOf(actor)}" y1="${top}" y2="${top + height}"/>`
  })
  return html`${lifelines}<g class="${classOf(row)}">${paper}${words}${arrowSvg(row, top + height - 10)}</g>\n`
}

/** The class of a lifeline: `HTTP`, `hijacked`, `raw`. */
function stateOf(actor: Actor, moment: Moment): string {
  if (actor === 'connection1') return moment.connection1.replace(' ', '-')
  if (actor === 'connection2') return moment.connection2.replace(' ', '-')
  return actor === 'terminal' ? moment.terminal : 'there'
}

/** The class of a row: it decides the colour. */
function classOf({ from, to, isThick, moment }: Row): string {
  if (isThick || moment.event.kind === 'upgrade') return 'hijacked'
  if (moment.event.kind === 'terminal') return 'raw'
  return [from, to].some((actor) => actor.startsWith('connection')) ? 'HTTP' : 'other'
}

function arrowSvg({ from, to, points, isThick }: Row, y: number): Html {
  const [start, end] = [xOf(from), xOf(to)]
  if (start === end) return html`<circle class="dot" cx="${start}" cy="${y}" r="5"/>`
  const [low, high] = [Math.min(start, end), Math.max(start, end)]
  const head = (x: number, away: 1 | -1): Html =>
    html`<path class="head" d="M${x} ${y}l${8 * away} -5v10z"/>`
  const pointsLeft = points === 'both ways' || end < start
  const pointsRight = points === 'both ways' || end > start
  return html`<line class="arrow${isThick ? ' thick' : ''}" x1="${low + 3}" x2="${high - 3}" y1="${y}" y2="${y}"/>${pointsLeft ? head(low + 1, 1) : nothing}${pointsRight ? head(high - 1, -1) : nothing}`
}
