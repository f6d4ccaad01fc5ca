/**
 * A difference between two runs, and those in their output: its text, its line ends, its streams.
 *
 * @module
 */

import { structuredPatch } from 'diff'
import type { Moment } from '../tape/moments.ts'
import { streamName } from '../tape/pieces.ts'
import { countOf } from '../text/count.ts'
import { printableLine } from '../text/printable.ts'

/** One thing that is not the same in both runs. */
export type Difference = {
  /** The part of the run: `create`, `your terminal`. */
  readonly where: string
  /** What differs there: `Tty`, `the status`. */
  readonly what: string
  /** Undefined in the run that does not have it. */
  readonly before: string | undefined
  readonly after: string | undefined
  /** A sentence about it, if the values alone do not say it. */
  readonly note?: string
}

/** The output of a run, without the headers of frames. */
type Output = {
  /** All of it, in the order in which it came. */
  readonly text: string
  /** The payload bytes of each stream, by its name. Under a tty there is one, `the terminal`. */
  readonly streams: Readonly<Record<string, number>>
  readonly length: number
}

/** The differences between the output of two sessions. */
export function outputDifferences(
  before: readonly Moment[],
  after: readonly Moment[],
): Difference[] {
  const [from, to] = [outputOf(before), outputOf(after)]
  const where = 'output'
  const streams = [from, to].map(streamsText)
  return [
    ...(streams[0] === streams[1]
      ? []
      : [{ where, what: 'bytes received', before: streams[0], after: streams[1] }]),
    ...textDifferences(from.text, to.text).map((line) => ({ where, ...line })),
  ]
}

function outputOf(moments: readonly Moment[]): Output {
  const streams: Record<string, number> = {}
  const bytes: Uint8Array[] = []
  let length = 0
  for (const { event, pieces } of moments) {
    if (event.kind !== 'received') continue
    length += event.length
    for (const piece of pieces) {
      if (piece.headerAt !== undefined) continue
      const name = piece.frame ? streamName(piece.frame.stream) : 'the terminal'
      streams[name] = (streams[name] ?? 0) + piece.bytes.length
      bytes.push(piece.bytes)
    }
  }
  return { text: Buffer.concat(bytes).toString(), streams, length }
}

/** `stdout 4, stderr 9`. What was counted and not kept is in the sum only. */
function streamsText({ streams, length }: Output): string {
  const named = Object.entries(streams).map(([name, count]) => `${count} from ${name}`)
  return named.length === 0 ? countOf(length, 'byte') : named.join(', ')
}

const terminalNote = 'A command writes 0a. The terminal in the container makes 0d 0a of it.'

/** A longer difference is not shown line by line. */
const mostLines = 12

function textDifferences(
  before: string,
  after: string,
): Pick<Difference, 'what' | 'before' | 'after' | 'note'>[] {
  if (before === after) return []
  const [from, to] = [before, after].map((text) => text.replaceAll('\r\n', '\n'))
  if (from === undefined || to === undefined) return []
  const ends = [before, after].map(lineEnd)
  const lineEnds =
    ends[0] === ends[1] || !ends[0] || !ends[1]
      ? []
      : [{ what: 'line ends', before: ends[0], after: ends[1], note: terminalNote }]
  if (from === to) return lineEnds
  const { hunks } = structuredPatch('', '', ended(from), ended(to), '', '', { context: 0 })
  const lines = hunks.flatMap((hunk) => hunk.lines).filter((line) => /^[-+].*\S/.test(line))
  if (lines.length > mostLines) return lineEnds
  return [
    ...lineEnds,
    ...lines.map((line) => {
      const text = `"${printableLine(line.slice(1))}"`
      const isGone = line.startsWith('-')
      return {
        what: 'the line',
        before: isGone ? text : undefined,
        after: isGone ? undefined : text,
      }
    }),
  ]
}

/** A last line without its end would be told as another one than the same with it. */
const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`)

/** Undefined for text without a line end, and for one with both kinds. */
function lineEnd(text: string): string | undefined {
  const crlf = text.split('\r\n').length - 1
  const all = text.split('\n').length - 1
  if (all === 0) return undefined
  if (crlf === all) return '0d 0a'
  return crlf === 0 ? '0a' : undefined
}
