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
  /** Stands behind the label: for all choices where there is room, else for the marked one. */
  readonly hint?: string
}

/** A menu at one moment. */
export type Menu = {
  readonly question: string
  readonly choices: readonly MenuChoice[]
  /** The place of the choice that is marked. Undefined where nothing was chosen. */
  readonly marked: number | undefined
  /** Whether the first nine choices have their number before them: the digit that chooses one. */
  readonly numbered: boolean
  /** The rows above it that stay on the screen if there is room without the hints. */
  readonly above: number
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

/** There are nine digits that choose. */
export const lastDigit = 9

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
  const room = window.rows - head.length - foot.length
  const withHints = choiceBlocks(menu, true, signs, window)
  const fits = withHints.flat().length <= room - menu.above
  const blocks = fits ? withHints : choiceBlocks(menu, false, signs, window)
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
  return ['', `${signs.step}  ${first}`, ...rest.map((line) => barred(line, signs))]
}

/** The lines of each choice, all with their hints or the marked one alone. */
function choiceBlocks(
  { choices, marked, numbered }: Menu,
  allHints: boolean,
  signs: MenuSigns,
  window: MenuWindow,
): string[][] {
  const place = (at: number): string => {
    if (!numbered) return ''
    return at < lastDigit ? `${at + 1} ` : '  '
  }
  return choices.map(({ label, hint }, at) => {
    const choice = {
      label: `${place(at)}${label}`,
      ...(hint !== undefined && (allHints || at === marked) && { hint }),
    }
    return choiceLines(choice, at === marked, signs, window)
  })
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
  const hints = hint !== undefined ? wrapText(`(${hint})`, width) : []
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

/** One of the keys in a line of keys. */
export type NamedKey = { readonly key: string; readonly label: string }

/** `Enter next · v views · q chapters`, in as many lines as it takes. No key is torn from its word. */
export function keyLines(keys: readonly NamedKey[], { columns }: MenuWindow): string[] {
  const lines: string[] = []
  for (const { key, label } of keys) {
    const longer = [...lines.slice(-1), `${key} ${label}`].join(' · ')
    if (lines.length > 0 && widthOf(longer) <= columns) lines[lines.length - 1] = longer
    else lines.push(`${key} ${label}`)
  }
  return lines.flatMap((line) => wrapText(line, columns))
}
