/**
 * Shows a source file with line numbers and colours. Comments wider than the
 * window are rewrapped.
 *
 * @module
 */

import jsTokens from 'js-tokens'
import type { Style } from '../text/style.ts'
import { padText, widthOf, wrapText } from '../text/width.ts'

/**
 * A row of the screen and the number of the file's line that it shows or
 * continues.
 */
export type CodeRow = { readonly number: number; readonly text: string }

/** A line of the file, or a paragraph of a comment joined into one line. */
type CodeLine = {
  readonly number: number
  readonly text: string
  /** The kind of each character. */
  readonly kinds: readonly Kind[]
}

type Kind = 'comment' | 'literal' | 'keyword' | 'other'

const keywords = new Set([
  ...['as', 'async', 'await', 'break', 'case', 'catch', 'const', 'continue', 'default', 'do'],
  ...['else', 'export', 'extends', 'false', 'finally', 'for', 'from', 'function', 'if', 'import'],
  ...['in', 'instanceof', 'let', 'new', 'null', 'of', 'readonly', 'return', 'satisfies'],
  ...['switch', 'throw', 'true', 'try', 'type', 'typeof', 'undefined', 'void', 'while'],
])

/** Returns the rows of a TypeScript file, wrapped to the width. */
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

/** Splits code into lines with the kind of each character. */
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

/**
 * Names the claims of a paragraph for test/prose/. A reader of the page does
 * not need it.
 */
const claimMarker = /^ *\* +<!-- claims: .* -->$/

/** A comment's star or slashes, and the space after it. */
const commentSign = /^ *(?:\* |\/\/ )/

/**
 * Joins the lines of a comment's paragraph if any of them is too long.
 * Wrapped one by one, each would leave a word or two on a line of its own.
 */
function joinedComments(lines: readonly CodeLine[], room: number): CodeLine[] {
  const joined: CodeLine[] = []
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] as CodeLine
    let end = at + 1
    while (end < lines.length && continuesParagraph(line, lines[end] as CodeLine)) end += 1
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

/**
 * Whether a line continues a comment's paragraph. Indented lines and lists do
 * not.
 */
function continuesParagraph(first: CodeLine, line: CodeLine): boolean {
  const [sign] = commentSign.exec(first.text) ?? []
  if (sign === undefined || first.kinds.at(-1) !== 'comment') return false
  return (
    !/^[ @-]/.test(first.text.slice(sign.length)) &&
    line.text.startsWith(sign) &&
    /^[^ @-]/.test(line.text.slice(sign.length))
  )
}

/**
 * Wraps a line at its own indentation, or in a comment after the star or the
 * slashes.
 */
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

/** Colours each character by its kind. */
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

/** Puts two columns side by side. The right one begins at row `from`. */
export function sideBySideRows(
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
