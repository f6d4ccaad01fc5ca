/**
 * Differences between two runs, and how their output differs: text, line
 * endings, streams.
 *
 * @module
 */

import { structuredPatch } from 'diff'
import { streamName } from '../tape/grammar/frame-fields.ts'
import type { Moment } from '../tape/moments.ts'
import { countOf } from '../text/count.ts'
import { printableLine } from '../text/printable.ts'

/** One difference between two runs. */
export type Difference = {
  /** The part of the run: `create`, `your terminal`. */
  readonly where: string
  /** What differs: `Tty`, `the status`. */
  readonly what: string
  /** Undefined if that run does not have it. */
  readonly before: string | undefined
  readonly after: string | undefined
  /** An explanation, if the values alone are not enough. */
  readonly note?: string
}

/** The output of a run, without frame headers. */
type Output = {
  /** All output, in the order of arrival. */
  readonly text: string
  /**
   * The number of payload bytes per stream. With a TTY the only stream is
   * `the terminal`.
   */
  readonly streams: Readonly<Record<string, number>>
  readonly length: number
}

/** Returns the differences between the output of two sessions. */
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

/**
 * Returns `4 from stdout, 9 from stderr`. Bytes that are not on the tape
 * appear only in the total.
 */
function streamsText({ streams, length }: Output): string {
  const named = Object.entries(streams).map(([name, count]) => `${count} from ${name}`)
  return named.length === 0 ? countOf(length, 'byte') : named.join(', ')
}

const terminalNote = 'The command writes 0a, and the terminal in the container turns it into 0d 0a.'

/** More changed lines than this are not shown. */
const maxLines = 12

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
      : [{ what: 'line endings', before: ends[0], after: ends[1], note: terminalNote }]
  if (from === to) return lineEnds
  const { hunks } = structuredPatch('', '', withLineEnd(from), withLineEnd(to), '', '', {
    context: 0,
  })
  const lines = hunks.flatMap((hunk) => hunk.lines).filter((line) => /^[-+].*\S/.test(line))
  if (lines.length > maxLines) return lineEnds
  return [
    ...lineEnds,
    ...lines.map((line) => {
      const text = `"${printableLine(line.slice(1))}"`
      const isRemoved = line.startsWith('-')
      return {
        what: 'the line',
        before: isRemoved ? text : undefined,
        after: isRemoved ? undefined : text,
      }
    }),
  ]
}

/**
 * Without this, a missing final line ending would count as a changed line.
 */
const withLineEnd = (text: string): string =>
  text === '' || text.endsWith('\n') ? text : `${text}\n`

/**
 * Returns the line ending of a text, or undefined if it has none or both
 * kinds.
 */
function lineEnd(text: string): string | undefined {
  const crlf = text.split('\r\n').length - 1
  const all = text.split('\n').length - 1
  if (all === 0) return undefined
  if (crlf === all) return '0d 0a'
  return crlf === 0 ? '0a' : undefined
}
