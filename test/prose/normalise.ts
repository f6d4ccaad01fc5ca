/**
 * Replaces what differs from run to run in the output of a run.
 *
 * @module
 */

import { teardownTitle, wireLines } from '../../src/tape/wire.ts'

/** The exec ID that stands for every other one. The lessons have it too. */
export const shownExecId = 'fc9c11ae6ac4827ea507e885c888bdb37c8f7b906347b9272adf8d580a6417df'

/** The container's ID, likewise. */
export const shownContainerId = '0b1a6d43c2f7e5988d0f4c617a3be290d51c7e8fa4b36290c1d8f7e6a5b40312'

const shownDate = '2015-10-25T12:00:00.000Z'
const shownHost = 'unix:///tmp/practice/docker.sock'

/** The columns before the lines of the wire. */
const wireIndent = 7

/** How wide the lines of the wire may be, on a page of 80 columns. */
const wireWidth = 70

/** Text as it would be the same in every run on the practice daemon. */
export function normalise(text: string): string {
  const plain = withoutControls(text)
    // Six letters, as in the real name, so the rest of the line keeps its
    // place.
    .replaceAll(/practice-[A-Za-z0-9]{6}\//g, 'practice-XXXXXX/')
    .replaceAll(/unix:\/\/\S+\.sock/g, shownHost)
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, shownDate)
    .replaceAll(/^(took {3}).*ms$/gm, '$1… ms')
    .replaceAll(/and \d+(\s+more\s+characters)/g, 'and …$1')
    .replaceAll(/"Pid":\d+/g, '"Pid":…')
  return sortWire(withShownIds(plain))
}

/** What a terminal would not show as text is left out. */
function withoutControls(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what we remove
      .replaceAll(/\x1b(\[[0-9;?>]*[a-zA-Z]|[()][A-Z0-9]|[>=78])|\x0f/g, '')
      .replaceAll('\r\n', '\n')
      // A row of spaces that the next text overwrites.
      .replaceAll(/^ +\r/gm, '')
  )
}

/**
 * One ID is the exec's, from the state; the other is the container's. Most
 * are shortened on the page. A whole one may be broken across lines, so its
 * digits are replaced one by one.
 */
function withShownIds(text: string): string {
  const whole = /[0-9a-f](?:(?:\n *)?[0-9a-f]){63}/g
  const short = /\b[0-9a-f]{12}(?=…)/g
  const beginningOf = (id: string): string => id.replaceAll(/\s/g, '').slice(0, 12)
  const found = [...text.matchAll(whole), ...text.matchAll(short)].map(([id]) => beginningOf(id))
  if (new Set(found).size > 2) throw new Error(`a run with more than two IDs: ${found.join(' ')}`)
  const [, execId] = /execId +"([0-9a-f]{12})/.exec(text) ?? []
  const shownFor = (id: string): string =>
    beginningOf(id) === execId ? shownExecId : shownContainerId
  return text
    .replaceAll(whole, (cut) => {
      const digits = [...shownFor(cut)]
      return cut.replaceAll(/[0-9a-f]/g, () => digits.shift() ?? '')
    })
    .replaceAll(short, (id) => beginningOf(shownFor(id)))
}

/**
 * Requests on one connection and bytes on the other happen at the same time.
 * Here requests come first, then sent bytes, then received bytes, each in its
 * own order. What follows the daemon's end follows it in every run.
 */
function sortWire(text: string): string {
  return text.replaceAll(/^wire {3}.*(?:\n {7}.*)*/gm, (section) => {
    const lines = section.split('\n').map((line) => line.slice(wireIndent))
    const isOver = lines.indexOf(teardownTitle)
    const sorted =
      isOver < 0
        ? sortedEvents(lines)
        : [
            ...(isOver > 0 ? sortedEvents(lines.slice(0, isOver)) : []),
            teardownTitle,
            ...sortedEvents(lines.slice(isOver + 1)),
          ]
    return sorted
      .map((line, at) => `${at === 0 ? 'wire' : ''}`.padEnd(wireIndent) + line)
      .join('\n')
  })
}

function sortedEvents(lines: readonly string[]): string[] {
  const events = eventsOf(lines)
  const starts = (event: readonly string[], sign: RegExp): boolean =>
    event.some((line) => sign.test(line))
  const end = events.findIndex((event) => starts(event, /^←2 End/))
  const before = events.slice(0, end < 0 ? events.length : end)
  const halfClose = before.filter((event) => starts(event, /^2→ Half-close/))
  const sent = before.filter((event) => starts(event, /^2→ [0-9a-f]{2}( |$)/))
  const received = before.filter((event) => starts(event, /^←2 [0-9a-f]{2}( |$)/))
  const frames = before.filter((event) => starts(event, /^←2 \[/))
  const overStream = [...halfClose, ...sent, ...received, ...frames]
  const others = before.filter((event) => !overStream.includes(event))
  return [
    ...others.flat(),
    ...bytesOf(sent, 'sent'),
    ...halfClose.flat(),
    ...bytesOf(received, 'received'),
    ...frames.flat(),
    ...events.slice(before.length).flat(),
  ]
}

/**
 * The lines of each event: the sentence about it, its sign, and what is
 * indented below.
 */
function eventsOf(lines: readonly string[]): string[][] {
  const events: string[][] = []
  const isSign = (line: string): boolean => /^([12]→|←[12]) /.test(line)
  for (const line of lines) {
    const last = events.at(-1)
    const isNext = isSign(line) || !line.startsWith(' ')
    if (!last || (isNext && last.some(isSign))) events.push([line])
    else last.push(line)
  }
  return events
}

/** Bytes that came in several pieces, as if they had come in one. */
function bytesOf(pieces: readonly string[][], kind: 'sent' | 'received'): string[] {
  const lines = pieces.flat()
  const rows = lines.map((line) => /^...((?:[0-9a-f]{2} ?)+)/.exec(line)?.[1] ?? '')
  const bytes = Buffer.from(rows.join('').replaceAll(' ', ''), 'hex')
  if (bytes.length === 0) return []
  const event = { at: 0, kind, length: bytes.length, hex: bytes.toString('hex') }
  return wireLines([event], { width: wireWidth })
}
