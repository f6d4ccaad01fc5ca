/**
 * Shows bytes on the page in hexadecimal and as text, with frame headers
 * marked and explained.
 *
 * Bytes are laid out in cells of eight, the length of a frame header. A
 * narrow window has one cell per row, a wide one two.
 *
 * @module
 */

import { headerLength, stream } from '../../stream/frames.ts'
import { partOfHeader, pieceFields } from '../../tape/grammar/frame-fields.ts'
import type { Piece } from '../../tape/pieces.ts'
import { countOf } from '../../text/count.ts'
import { hexText, visibleText } from '../../text/hex.ts'
import { escapeSequence, type Html, html, nothing } from './html.ts'

/** How many cells are shown before the rest is folded. */
const cellsShown = 16

/** Returns the recorded bytes of one event. */
export function bytesHtml(pieces: readonly Piece[]): Html {
  const cells = pieces.flatMap(inEights)
  const folded = cells.slice(cellsShown)
  const rest = html`<details><summary>${countOf(bytesIn(folded), 'byte')} more</summary>${dumpHtml(folded)}</details>`
  return html`${dumpHtml(cells.slice(0, cellsShown))}${folded.length > 0 ? rest : nothing}`
}

function bytesIn(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { bytes }) => sum + bytes.length, 0)
}

/** Splits a piece into cells of at most eight bytes. */
function inEights({ bytes, ...rest }: Piece): Piece[] {
  const eights: Piece[] = []
  for (let at = 0; at < bytes.length; at += headerLength) {
    eights.push({ bytes: bytes.subarray(at, at + headerLength), ...rest })
  }
  return eights
}

function dumpHtml(cells: readonly Piece[]): Html {
  if (cells.length === 0) return nothing
  const shown = cells.map((cell) =>
    cell.headerAt === undefined ? payloadCell(cell) : headerCell(cell),
  )
  return html`<div class="dump">${shown}</div>`
}

/**
 * Returns the bytes in hexadecimal if they fit into one cell, were all
 * recorded and contain no header.
 */
export function fewBytes(pieces: readonly Piece[], length: number): string | undefined {
  const [piece, ...others] = pieces
  if (!piece || others.length > 0 || piece.headerAt !== undefined) return undefined
  return piece.bytes.length === length && length <= headerLength ? hexText(piece.bytes) : undefined
}

function payloadCell({ bytes, frame }: Piece): Html {
  const kind = frame?.stream === stream.stderr ? 'stderr' : 'stdout'
  return html`<div class="cell ${kind}"><code class="hex">${hexText(bytes)}</code><code class="text">${visibleText(bytes)}</code></div>`
}

/**
 * A header, or the part of it in these bytes, with the meaning of each field.
 */
function headerCell(piece: Piece): Html {
  const { bytes, frame } = piece
  const parts = pieceFields(piece).map((field) => {
    const name = field.rule.replace('frame ', '').replace('zeros', 'zero')
    return html`<span class="part ${name}"><code class="hex">${hexText(field.bytes)}</code> <span>${field.brief ?? field.meaning}</span></span> `
  })
  const label = partOfHeader(piece) ?? 'header'
  return html`<div class="cell header"><span class="part"><b>${label}</b></span> ${frame ? parts : html`<code class="hex">${hexText(bytes)}</code>`}</div>`
}

/** Returns the beginning of the payload as text on one line: `“ls\r\n”`. */
export function preview(pieces: readonly Piece[]): string {
  const longest = 48
  const payloads = pieces.filter(({ headerAt }) => headerAt === undefined)
  const text = Buffer.concat(payloads.map(({ bytes }) => bytes).slice(0, longest)).toString()
  const shown = text.slice(0, longest).replace(/\p{Cc}/gu, escapeSequence)
  return shown === '' ? '' : `“${shown}${text.length > longest ? '…' : ''}”`
}
