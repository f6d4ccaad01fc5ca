/**
 * Lays out a drawn menu: the question, the choices with a mark, and the keys.
 *
 * We wrap every line to the current width of the window. If the terminal
 * wrapped lines on its own, we would count the rows wrong when we redraw the
 * menu.
 *
 * @module
 */

import { widthOf, wrapText } from '../text/width.ts'

/** One choice of a drawn menu. */
export type MenuChoice = {
  readonly label: string
  /**
   * Shown after the label, for all choices if there is room, otherwise only
   * for the marked one.
   */
  readonly hint?: string
}

/** The state of a menu. */
export type Menu = {
  readonly question: string
  readonly choices: readonly MenuChoice[]
  /** The index of the marked choice. Undefined if nothing was chosen. */
  readonly marked: number | undefined
  /** Whether the first nine choices show the digit that selects them. */
  readonly numbered: boolean
  /**
   * The rows above the menu to keep on the screen, at the cost of the hints.
   */
  readonly above: number
  /** The keys in the last row. */
  readonly keys: string
}

/** The size of the window. */
export type MenuWindow = { readonly columns: number; readonly rows: number }

/** The symbols and colours of a menu. */
export type MenuSigns = {
  /** Shown before the question. */
  readonly step: string
  /** `bar` is shown before every other line, `end` on the last one. */
  readonly bar: string
  readonly end: string
  readonly chosen: string
  readonly other: string
  /** Dims text. */
  readonly dim: (text: string) => string
}

/** The digits 1 to 9 select choices. */
export const lastDigit = 9

/** The width of the bar and two spaces. */
const barWidth = 3

/** The width of the symbol before a choice and a space. */
const signWidth = 2

/**
 * Returns the lines of a menu that waits. If there are more choices than
 * rows, only those around the mark are shown.
 */
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

/**
 * Returns the lines of a finished menu: the question and the chosen label, if
 * any.
 */
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

/**
 * Returns the lines of each choice, with all hints or only that of the marked
 * choice.
 */
function choiceBlocks(
  { choices, marked, numbered }: Menu,
  allHints: boolean,
  signs: MenuSigns,
  window: MenuWindow,
): string[][] {
  const digit = (at: number): string => {
    if (!numbered) return ''
    return at < lastDigit ? `${at + 1} ` : '  '
  }
  return choices.map(({ label, hint }, at) => {
    const choice = {
      label: `${digit(at)}${label}`,
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
  // Put the hint after the label if all of it fits, otherwise below.
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
 * Returns as many whole choices as fit, including the marked one. A line of
 * dots replaces the choices above, and another the choices below.
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

/** One key in a line of keys. */
export type NamedKey = { readonly key: string; readonly label: string }

/**
 * Returns `Enter next · v views · q chapters` on as many lines as needed. A
 * key and its word stay together.
 */
export function keyLines(keys: readonly NamedKey[], { columns }: MenuWindow): string[] {
  const lines: string[] = []
  for (const { key, label } of keys) {
    const longer = [...lines.slice(-1), `${key} ${label}`].join(' · ')
    if (lines.length > 0 && widthOf(longer) <= columns) lines[lines.length - 1] = longer
    else lines.push(`${key} ${label}`)
  }
  return lines.flatMap((line) => wrapText(line, columns))
}
