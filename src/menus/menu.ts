/**
 * What a drawn menu looks like: the question, the choices with a mark, and the keys.
 *
 * Every line is broken here, to the width that the window has now. What a terminal broke by itself
 * would be counted wrong when the menu is drawn anew over the old one.
 *
 * @module
 */

import { widthOf, wrapText } from '../text/width.ts'

/** A choice as it is drawn. */
export type MenuChoice = {
  readonly label: string
  /** Stands behind the label of the choice that is marked. */
  readonly hint?: string
}

/** A menu at one moment. */
export type Menu = {
  readonly question: string
  readonly choices: readonly MenuChoice[]
  /** The place of the choice that is marked. Undefined where nothing was chosen. */
  readonly marked: number | undefined
  /** What the last row says of the keys. */
  readonly keys: string
}

/** The window that it is drawn in. */
export type MenuWindow = { readonly columns: number; readonly rows: number }

/** The signs and the colours of a menu. */
export type MenuSigns = {
  /** Before the question. */
  readonly step: string
  /** Before every other line, and in place of it at the end. */
  readonly bar: string
  readonly end: string
  readonly chosen: string
  readonly other: string
  /** Makes text stand back. */
  readonly dim: (text: string) => string
}

/** The bar, and two spaces. */
const barWidth = 3

/** The sign before a choice, and a space. */
const signWidth = 2

/** The menu while it waits. Where there are more choices than rows, those around the mark are shown. */
export function menuLines(menu: Menu, signs: MenuSigns, window: MenuWindow): string[] {
  const head = questionLines(menu.question, signs, window)
  const foot = [
    ...wrapText(menu.keys, window.columns - barWidth).map((line) => barred(signs.dim(line), signs)),
    signs.end,
  ]
  const blocks = menu.choices.map((choice, at) =>
    choiceLines(choice, at === menu.marked, signs, window),
  )
  const room = window.rows - head.length - foot.length
  return [
    ...head,
    ...blocksAround(blocks, menu.marked ?? 0, room, barred(signs.dim('…'), signs)),
    ...foot,
  ]
}

/** The menu when it is over: the question, and what was chosen, if something was. */
export function chosenLines(
  { question, choices, marked = -1 }: Menu,
  signs: MenuSigns,
  window: MenuWindow,
): string[] {
  const chosen = choices[marked]
  const label = chosen ? wrapText(chosen.label, window.columns - barWidth) : []
  return [
    ...questionLines(question, signs, window),
    ...label.map((line) => barred(signs.dim(line), signs)),
  ]
}

function barred(line: string, { bar }: MenuSigns): string {
  return `${bar}  ${line}`
}

function questionLines(question: string, signs: MenuSigns, { columns }: MenuWindow): string[] {
  const [first = '', ...rest] = wrapText(question, columns - barWidth)
  return [signs.bar, `${signs.step}  ${first}`, ...rest.map((line) => barred(line, signs))]
}

function choiceLines(
  { label, hint }: MenuChoice,
  isMarked: boolean,
  signs: MenuSigns,
  { columns }: MenuWindow,
): string[] {
  const width = columns - barWidth - signWidth
  const labels = wrapText(label, width)
  // A hint stands behind the label where there is room for all of it, and below it where there is not.
  const last = labels.at(-1) ?? ''
  const isBeside = hint !== undefined && widthOf(last) + widthOf(hint) + 3 <= width
  const hints = isMarked && hint !== undefined ? wrapText(`(${hint})`, width) : []
  const lines = isMarked ? labels : labels.map(signs.dim)
  const all =
    hints.length > 0 && isBeside
      ? [...lines.slice(0, -1), `${lines.at(-1)} ${signs.dim(hints[0] ?? '')}`]
      : [...lines, ...hints.map(signs.dim)]
  const sign = isMarked ? signs.chosen : signs.other
  return all.map((line, at) => barred(`${at === 0 ? sign : ' '} ${line}`, signs))
}

/**
 * As many whole choices as there is room for, the marked one among them. A line of dots stands for
 * those above, and one for those below.
 */
function blocksAround(
  blocks: readonly string[][],
  marked: number,
  room: number,
  dots: string,
): string[] {
  if (blocks.flat().length <= room) return blocks.flat()
  let [from, to] = [marked, marked + 1]
  const fits = (begin: number, end: number): boolean =>
    blocks.slice(begin, end).flat().length + (begin > 0 ? 1 : 0) + (end < blocks.length ? 1 : 0) <=
    room
  for (;;) {
    if (to < blocks.length && fits(from, to + 1)) to += 1
    else if (from > 0 && fits(from - 1, to)) from -= 1
    else break
  }
  return [
    ...(from > 0 ? [dots] : []),
    ...blocks.slice(from, to).flat(),
    ...(to < blocks.length ? [dots] : []),
  ]
}
