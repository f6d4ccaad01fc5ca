/**
 * The blocks of text in the module comment of a page: states, requests,
 * bytes, flags.
 *
 * @module
 */

import { readPage } from './page.ts'

/**
 * The kinds of blocks. Any other kind is an error, because no test would
 * check it.
 */
export type BlockKind = 'state' | 'wire' | 'bytes' | 'flags' | 'stages' | 'picture'

/** A block. */
export type Block = { readonly kind: BlockKind; readonly lines: readonly string[] }

/** The comment at the top of a file, without its stars. */
export function moduleComment(path: string): string {
  const [, comment = ''] = /^\/\*\*\n([\s\S]*?)\n \*\/$/m.exec(readPage(path)) ?? []
  return comment.replaceAll(/^ \* ?/gm, '')
}

/** The blocks in it, in their order. */
export function blocksOf(path: string): Block[] {
  return [...moduleComment(path).matchAll(/^```text\n([\s\S]*?)\n```$/gm)].map(([, text = '']) => ({
    kind: kindOf(text),
    lines: text.split('\n'),
  }))
}

function kindOf(text: string): BlockKind {
  if (/^ +before +after$/m.test(text)) return 'state'
  if (/^ *[→←] /m.test(text)) return 'wire'
  if (/┌/.test(text)) return 'picture'
  if (/^ +1 create /m.test(text)) return 'stages'
  if (/^ *(?:[0-9a-f]{2} +){4}/m.test(text)) return 'bytes'
  if (/^ +\w+ +→ -\w+/m.test(text)) return 'flags'
  throw new Error(`no test knows how to check this block:\n${text}`)
}

/** A pattern for a text of a page. `…` matches anything. */
export function pattern(text: string): RegExp {
  const parts = text.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('[\\s\\S]*?')}$`)
}

/** `name  value`, in a drawing of a state. */
export type Drawn = { readonly name: string; readonly value: string }

/** A drawing of the state before and after a stage. */
export type StateDrawing = {
  readonly before: readonly Drawn[]
  readonly after: readonly Drawn[]
  /** The names that have a plus before them. */
  readonly added: readonly string[]
}

/**
 * Reads one. The right half begins where the word `after` does, two columns
 * more for the plus.
 */
export function readState({ lines }: Block): StateDrawing {
  const [head = '', ...rows] = lines
  const middle = head.indexOf('after')
  const drawn = (text: string): Drawn[] => {
    const [, name, value = ''] = /^ *(\w+) +(.+?) *$/.exec(text) ?? []
    // A remark in parentheses is for the reader.
    return name ? [{ name, value: value.replace(/ \([^)]*\)$/, '') }] : []
  }
  const right = rows.map((row) => row.slice(middle))
  const isAdded = rows.map((row) => row.slice(middle - 2, middle) === '+ ')
  return {
    before: rows.flatMap((row) => drawn(row.slice(0, middle - 2))),
    after: right.flatMap(drawn),
    added: right
      .filter((_, at) => isAdded[at])
      .flatMap((text) => drawn(text).map(({ name }) => name)),
  }
}

/**
 * A request or an answer in a drawing of the wire: its first line, and what
 * is indented below.
 */
export type DrawnMessage = { readonly first: string; readonly below: readonly string[] }

/** Reads a drawing of the wire. */
export function readWire({ lines }: Block): DrawnMessage[] {
  const messages: { first: string; below: string[] }[] = []
  for (const line of lines.map((text) => text.trim())) {
    if (/^[→←] /.test(line)) messages.push({ first: line, below: [] })
    else messages.at(-1)?.below.push(line)
  }
  return messages
}

/** A row of bytes, and the remark beside it. */
export type DrawnBytes = { readonly bytes: Buffer; readonly remark: string }

/**
 * Reads rows such as
 * `01 00 00 00 00 00 00 04 6f 75 74 0a stdout, 4 bytes, "out\n"`.
 */
export function readBytes({ lines }: Block): DrawnBytes[] {
  return lines.flatMap((line) => {
    const [, hex, remark = ''] = /^ *((?:[0-9a-f]{2} +){8,})(.*)$/.exec(line) ?? []
    return hex ? [{ bytes: Buffer.from(hex.replaceAll(' ', ''), 'hex'), remark }] : []
  })
}
