/**
 * A source file for reading: line numbers, colours, and comments that are broken anew where the window
 * is narrower than they are.
 *
 * @module
 */

import jsTokens from 'js-tokens'
import type { Style } from '../text/style.ts'
import { padText, widthOf, wrapText } from '../text/width.ts'

/** A row of the screen, and the number of the line of the file that it shows or goes on with. */
export type CodeRow = { readonly number: number; readonly text: string }

/** A line of the file, or a paragraph of a comment whose lines are one here. */
type CodeLine = {
  readonly number: number
  readonly text: string
  /** What each of its characters is part of. */
  readonly kinds: readonly Kind[]
}

type Kind = 'comment' | 'literal' | 'keyword' | 'other'

const keywords = new Set([
  ...['as', 'async', 'await', 'break', 'case', 'catch', 'const', 'continue', 'default', 'do'],
  ...['else', 'export', 'extends', 'false', 'finally', 'for', 'from', 'function', 'if', 'import'],
  ...['in', 'instanceof', 'let', 'new', 'null', 'of', 'readonly', 'return', 'satisfies'],
  ...['switch', 'throw', 'true', 'try', 'type', 'typeof', 'undefined', 'void', 'while'],
])

/** The rows of a file in TypeScript. */
export function codeRows(code: string, width: number, style: Style): CodeRow[] {
  const lines = linesOf(code)
  const digits = `${lines.length}`.length
  const room = width - digits - 1
  return joinedComments(lines, room).flatMap(({ number, ...line }) =>
    brokenLine(line, room, style).map((text, at) => {
      const gutter = style.dim(`${at === 0 ? number : ''}`.padStart(digits))
      return { number, text: `${gutter} ${text}` }
    }),
  )
}

/** The lines, each with what its characters are. */
function linesOf(code: string): CodeLine[] {
  const kinds = [...jsTokens(code)].flatMap(({ type, value }) =>
    Array.from(value.split(''), () => kindOf(type, value)),
  )
  let from = 0
  return code
    .split('\n')
    .map((text, at) => {
      const line = { number: at + 1, text, kinds: kinds.slice(from, from + text.length) }
      from += text.length + 1
      return line
    })
    .filter(({ text }) => !claimMarker.test(text))
}

function kindOf(type: string, value: string): Kind {
  if (type.endsWith('Comment')) return 'comment'
  if (/String|Template|Numeric|RegularExpression/.test(type)) return 'literal'
  return type === 'IdentifierName' && keywords.has(value) ? 'keyword' : 'other'
}

/** Names the claims of a paragraph for test/prose/. A reader of the page does not need it. */
const claimMarker = /^ *\* +<!-- claims: .* -->$/

/** The sign of a comment, and the space behind it. */
const commentSign = /^ *(?:\* |\/\/ )/

/**
 * The same lines, where the lines of a comment's paragraph are one if any of them is too long: broken
 * one by one, each would leave a word or two alone.
 */
function joinedComments(lines: readonly CodeLine[], room: number): CodeLine[] {
  const joined: CodeLine[] = []
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] as CodeLine
    let end = at + 1
    while (end < lines.length && goesOn(line, lines[end] as CodeLine)) end += 1
    const paragraph = lines.slice(at, end)
    if (paragraph.some(({ text }) => widthOf(text) > room)) {
      const words = paragraph.map(({ text }, index) =>
        index === 0 ? text : text.replace(commentSign, ''),
      )
      const text = words.join(' ')
      joined.push({ number: line.number, text, kinds: Array(text.length).fill(line.kinds.at(-1)) })
    } else joined.push(...paragraph)
    at = end
  }
  return joined
}

/** Whether a line goes on with the paragraph of a comment. What is set in, or a list, stays as it is. */
function goesOn(first: CodeLine, line: CodeLine): boolean {
  const [sign] = commentSign.exec(first.text) ?? []
  if (sign === undefined || first.kinds.at(-1) !== 'comment') return false
  return (
    !/^[ @-]/.test(first.text.slice(sign.length)) &&
    line.text.startsWith(sign) &&
    /^[^ @-]/.test(line.text.slice(sign.length))
  )
}

/** Breaks a line below its own beginning; in a comment, behind the star or the slashes. */
function brokenLine(
  { text, kinds }: Omit<CodeLine, 'number'>,
  room: number,
  style: Style,
): string[] {
  const [sign = ''] = kinds.at(-1) === 'comment' ? (commentSign.exec(text) ?? []) : []
  const indent = sign || (/^ */.exec(text)?.[0] ?? '')
  let from = indent.length
  return wrapText(text.slice(from), room - indent.length).map((part) => {
    from = text.indexOf(part, from)
    const shown = colour(part, kinds.slice(from, from + part.length), style)
    from += part.length
    return `${sign === '' ? indent : style.dim(sign)}${shown}`
  })
}

/** Text in the colours of what its characters are. */
function colour(text: string, kinds: readonly Kind[], style: Style): string {
  const colours = {
    comment: style.dim,
    literal: style.literal,
    keyword: style.keyword,
    other: (part: string) => part,
  }
  let coloured = ''
  for (let from = 0; from < text.length; ) {
    const kind = kinds[from] ?? 'other'
    let to = from + 1
    while (to < text.length && (kinds[to] ?? 'other') === kind) to += 1
    coloured += colours[kind](text.slice(from, to))
    from = to
  }
  return coloured
}

/** Rows on the left, and beside them from a row on others: two columns. */
export function besideRows(
  left: readonly string[],
  right: readonly string[],
  { from, width }: { readonly from: number; readonly width: number },
): string[] {
  const count = Math.max(left.length, from + right.length)
  return Array.from({ length: count }, (_, at) => {
    const other = at >= from ? (right[at - from] ?? '') : ''
    return `${padText(left[at] ?? '', width)} │ ${other}`
  })
}
