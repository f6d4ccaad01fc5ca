/**
 * Shows bytes as fields. Each field is a button that opens its meaning, and a
 * table below lists them all, for paper and for browsers without popovers.
 *
 * HTTP is text, so its bytes are shown as text, with the digits in the
 * meaning and the table. After the 101 the digits come first, except in long
 * text.
 *
 * @module
 */

import type { Field } from '../../tape/fields.ts'
import { countOf } from '../../text/count.ts'
import { escapedText, hexText } from '../../text/hex.ts'
import { escapeSequence, type Html, html, nothing } from './html.ts'

/** How to show some fields. */
export type FieldsOptions = {
  /** The beginning of all ids. It has to be unique on the page. */
  readonly id: string
  /**
   * The bytes to highlight, as offsets in the event. `to` is the offset after
   * the last one.
   */
  readonly mark?: { readonly from: number; readonly to: number }
  /**
   * Whether the table follows. If not, show {@link fieldTableHtml} once for
   * several events.
   */
  readonly table?: boolean
  /** What the table is called. A screen reader lists the tables of a page. */
  readonly caption?: string
}

/** How many bytes are shown before the rest is folded. */
const bytesShown = 640

/** How many bytes of one field are shown among the others. */
const longestField = 192

/** How many bytes are shown in hexadecimal in a cell of the table. */
const longestHex = 48

/** A field and its place in the event. */
type Place = { readonly field: Field; readonly at: number; readonly id: string }

/** Returns the fields of one event. */
export function fieldsHtml(
  fields: readonly Field[],
  { id, mark, table = true, caption }: FieldsOptions,
): Html {
  if (fields.length === 0) return nothing
  let at = 0
  const places = fields.map((field, index): Place => {
    const place = { field, at, id: `${id}-${index + 1}` }
    at += field.bytes.length
    return place
  })
  const isText = isHttp(fields)
  const isAlwaysShown = (place: Place): boolean => place.at < Math.max(bytesShown, mark?.to ?? 0)
  const shown = places.filter(isAlwaysShown)
  const rest = places.slice(shown.length)
  const buttons = (some: readonly Place[]): Html =>
    html`<div class="fields ${isText ? 'as-text' : 'as-hex'}">${some.map((place) => fieldHtml(place, isText, mark))}</div>`
  return html`${buttons(shown)}${
    rest.length === 0
      ? nothing
      : html`<details><summary>${countOf(at - (rest[0]?.at ?? 0), 'more byte')}</summary>${buttons(rest)}</details>`
  }${table ? fieldTableHtml(fields, id, caption) : nothing}`
}

/** Whether these are the bytes of an HTTP message. */
function isHttp([first]: readonly Field[]): boolean {
  const beginning = Buffer.from(first?.bytes ?? []).toString('latin1')
  return /^(?:HTTP\/1|(?:GET|POST|HEAD|PUT|DELETE)\b)/.test(beginning)
}

function fieldHtml({ field, at, id }: Place, isText: boolean, mark: FieldsOptions['mark']): Html {
  const { bytes, name, source } = field
  const [from, to] = [(mark?.from ?? 0) - at, (mark?.to ?? 0) - at]
  const parts = [
    bytes.subarray(0, Math.max(0, from)),
    bytes.subarray(Math.max(0, from), Math.max(0, to)),
    bytes.subarray(Math.max(0, to)),
  ]
  const show = isText ? textOf : (some: Uint8Array) => hexHtml(some)
  const shown =
    bytes.length === 0
      ? html`<span class="no-bytes">${name}</span>`
      : html`${parts.map((part, index) => {
          if (part.length === 0) return nothing
          const inside = show(part.subarray(0, longestField), part.length > longestField)
          return index === 1 && mark ? html`<mark>${inside}</mark>` : inside
        })}`
  // A space has nothing that a screen reader could say.
  const isBlank = isText && /^ +$/.test(Buffer.from(bytes).toString())
  const label = isBlank ? html` aria-label="${name}"` : nothing
  const more = source ? html` <a href="${source.url}">${source.title}</a>` : nothing
  // A button cannot break in the middle of a line, so the line breaks after
  // it.
  const lineBreak = isText ? html`\n` : html`<span class="line-break"></span>`
  const breaks = bytes.at(-1) === 0x0a ? lineBreak : nothing
  const hex =
    (isText && bytes.length > 0) || isLongText(bytes)
      ? html`<code class="hex">${shortHex(bytes)}</code>`
      : nothing
  return html`<span class="field"><button type="button" class="${ruleClass(field)}${bytes.length === 1 ? ' one' : ''}"${label} popovertarget="${id}" aria-describedby="${id}">${shown}</button><span popover id="${id}" class="meaning"><b>${name}</b> ${meaningHtml(field)}${more}${hex}</span></span>${breaks}`
}

/** What is true in every run, then what it means here. */
function meaningHtml({ meaning, always }: Field): Html {
  return always === undefined
    ? html`${meaning}`
    : html`${always} <span class="here"><b>Here:</b> ${meaning}</span>`
}

/** The class of a rule: `frame length` becomes `rule-frame-length`. */
function ruleClass({ rule }: Field): string {
  return `rule-${rule.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`
}

/** Text as it is, with a visible sign before each line break. */
function textOf(bytes: Uint8Array, isCut = false): Html {
  const text = Buffer.from(bytes).toString()
  const pieces = text.split(/(\r?\n)/).filter((piece) => piece !== '')
  const parts = pieces.map((piece, at) => {
    if (!piece.endsWith('\n')) return breakable(piece)
    const sign = html`<i class="line-end">${piece.replace(/\p{Cc}/gu, escapeSequence)}</i>`
    return at === pieces.length - 1 ? sign : html`${sign}\n`
  })
  return html`${parts}${isCut ? '…' : ''}`
}

/** JSON has no spaces on the wire, so a line may break after a comma. */
function breakable(text: string): Html {
  return html`${text.split(/(?<=[,/])/).map((part) => html`${part}<wbr>`)}`
}

/** From how many characters on a field is shown as text only. */
const longText = 17

/** Hexadecimal digits with the characters below them. */
function hexHtml(bytes: Uint8Array): Html {
  if (isLongText(bytes)) return html`<code class="text long">${escapedText(bytes)}</code>`
  const cells: Html[] = []
  for (let at = 0; at < bytes.length; at += 8) {
    const eight = bytes.subarray(at, at + 8)
    cells.push(html`<code class="hex">${hexText(eight)}</code>`)
  }
  // Dots alone say nothing.
  const text = escapedText(bytes).replace(/^·+$/, '')
  return html`<span class="digits">${cells.map((cell, at) => (at === 0 ? cell : html` ${cell}`))}</span>${text === '' ? nothing : html`<code class="text">${text}</code>`}`
}

function isLongText(bytes: Uint8Array): boolean {
  return bytes.length >= longText && !escapedText(bytes).includes('·')
}

/** The digits of a field, or of its beginning. */
function shortHex(bytes: Uint8Array): string {
  return `${hexText(bytes.subarray(0, longestHex))}${bytes.length > longestHex ? ' …' : ''}`
}

/**
 * Returns every field in a row of a table: its name, bytes, meaning, source.
 *
 * @param id - the beginning of its ids. It has to be unique on the page.
 */
export function fieldTableHtml(
  fields: readonly Field[],
  id: string,
  caption = 'The bytes field by field',
): Html {
  const rows = fields.map((field) => {
    const { bytes, name, source } = field
    const text =
      bytes.length === 0 ? nothing : html`<code class="text">${escapedText(bytes)}</code>`
    const link = source ? html`<a href="${source.url}">${source.title}</a>` : nothing
    return html`<tr><th scope="row">${name}</th><td><code class="hex">${shortHex(bytes)}</code> ${text}</td><td>${meaningHtml(field)}</td><td>${link}</td></tr>\n`
  })
  return html`<details class="field-table"><summary>${countOf(fields.length, 'field')} as a table</summary>
<div class="scroll" role="group" aria-labelledby="${id}-table" tabindex="0"><table>
<caption id="${id}-table">${caption}</caption>
<thead><tr><th scope="col">field</th><th scope="col">bytes</th><th scope="col">meaning</th><th scope="col">source</th></tr></thead>
<tbody>${rows}</tbody></table></div></details>`
}
