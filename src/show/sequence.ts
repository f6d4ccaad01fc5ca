/**
 * Draws the sequence diagram of a run, with a lifeline per participant and
 * time running downwards. Also says what each request was for.
 *
 * @module
 */

import { exchangesIn, type TapeEvent } from '../tape/event.ts'
import { type Moment, momentsOf } from '../tape/moments.ts'
import { type Actor, actors, changedFlags, narrate } from '../tape/narrate.ts'
import { sceneOfRequest } from '../tape/scenes.ts'
import { countOf } from '../text/count.ts'
import { shortIds } from '../text/hex.ts'
import { printableLine } from '../text/printable.ts'
import type { Style } from '../text/style.ts'
import { hangingLines, padText, wrapText } from '../text/width.ts'
import type { Page } from './stage-lines.ts'

/** One line of the diagram. */
export type Row = {
  /** Rows of the same kind can be merged. */
  readonly kind: 'request' | 'resize' | 'bytes' | 'window' | 'other'
  readonly stage: number | undefined
  readonly from: Actor
  readonly to: Actor
  /** A request and its answer share one row with two arrowheads. */
  readonly points: 'one way' | 'both ways'
  /**
   * Whether it belongs to the hijacked connection, which is drawn thicker.
   */
  readonly isThick: boolean
  readonly text: string
  /**
   * The situation right after it, which decides how the lifelines are drawn.
   */
  readonly moment: Moment
  readonly sent: number
  readonly received: number
  readonly times: number
}

/** In a narrower window the lifelines are closer together. */
const narrowest = 72

/**
 * How many rows fit into a window of 24 with the names, the legend and a
 * prompt.
 */
const mostRows = 19

/**
 * Returns the diagram of a run. A long session is summarized to fit into a
 * window.
 */
export function sequenceLines(events: readonly TapeEvent[], page: Page): string[] {
  const rows = sequenceRows(momentsOf(events))
  if (rows.length === 0) return wrapText('Nothing has happened in this run.', page.width)
  const isNarrow = page.width < narrowest
  const gap = isNarrow ? 3 : 7
  const left = 1
  const textAt = left + gap * (actors.length - 1) + 3
  const lines = rows.flatMap((row, at) => {
    const isNew = row.stage !== rows[at - 1]?.stage && row.stage !== undefined
    const mark = isNew ? `${row.stage} ` : '  '
    const room = page.width - textAt - mark.length
    const [first = '', ...rest] = wrapText(row.text, room)
    const colour = colourOf(row, page.style)
    const margin = ' '.repeat(left)
    return [
      `${margin}${drawn(row, gap, page.style)}  ${page.style.bold(mark)}${colour(first)}`,
      ...rest.map(
        (text) => `${margin}${lifelines(row.moment, gap, page.style)}    ${colour(text)}`,
      ),
    ]
  })
  return [...nameLines(isNarrow, gap, page), ...lines, ...legendLines(rows, page)]
}

/** Returns the rows of some moments. A long session is summarized. */
export function sequenceRows(moments: readonly Moment[]): Row[] {
  const all = rowsOf(moments)
  return all.length > mostRows ? summarized(all) : all
}

/** Returns what each request was for. Repeated requests are listed once. */
export function purposeLines(events: readonly TapeEvent[], { width, style }: Page): string[] {
  const moments = momentsOf(events)
  const listed = new Set<string>()
  return moments.flatMap((moment) => {
    const { event } = moment
    if (event.kind !== 'request') return []
    const { note } = narrate(moment)
    const times = moments.filter(
      (other) => other.event.kind === 'request' && narrate(other).note === note,
    ).length
    if (listed.has(note)) return []
    listed.add(note)
    const again = times > 1 ? ` (${times} times)` : ''
    const colour = event.connection === 1 ? style.first : style.second
    return [
      ...hangingLines(`${event.connection}→ `, `${shortPath(event)}${again}`, width).map(colour),
      ...hangingLines('   ', note, width),
    ]
  })
}

/**
 * `POST /exec/fc9c11…/start`: without the API version, and with a shortened
 * ID.
 */
function shortPath({ method, path }: { readonly method: string; readonly path: string }): string {
  const short = shortIds(path.replace(/^\/v\d[\d.]*(?=\/)/, '')).replace(
    /([0-9a-f]{6})[0-9a-f]{6}…/g,
    '$1…',
  )
  return printableLine(`${method} ${short}`)
}

/** Returns the rows of a run in order. */
function rowsOf(moments: readonly Moment[]): Row[] {
  const exchanges = exchangesIn(moments.map(({ event }) => event))
  const rows: Row[] = []
  for (const moment of moments) {
    const row = rowOf(moment, exchanges, rows.length === 0)
    if (!row) continue
    const last = rows.at(-1)
    if (last?.kind === 'bytes' && row.kind === 'bytes')
      rows[rows.length - 1] = joinedBytes(last, row)
    else rows.push(row)
  }
  return rows
}

/**
 * Returns the row of an event. Undefined if it has none or another row covers
 * it.
 */
function rowOf(
  moment: Moment,
  exchanges: ReturnType<typeof exchangesIn>,
  isFirst: boolean,
): Row | undefined {
  const { event, stage } = moment
  const { from, to, title, note } = narrate(moment)
  const row: Row = {
    ...{ kind: 'other', stage: stage?.number, from, to, points: 'one way' },
    ...{ isThick: false, text: printableLine(title), moment, sent: 0, received: 0, times: 1 },
  }
  switch (event.kind) {
    case 'request': {
      const { answer } = exchanges.find(({ request }) => request === event) ?? {}
      const status = answer ? `${answer.status}` : 'no answer'
      const code = answer && sceneOfRequest(event) === 'exit code' ? exitCodeIn(answer.body) : ''
      const kind = sceneOfRequest(event) === 'resize' ? 'resize' : 'request'
      const text = `${shortPath(event)} → ${status}${code}`
      return { ...row, kind, text, points: answer ? 'both ways' : 'one way' }
    }
    case 'upgrade': {
      const how = event.framing === 'raw' ? 'raw bytes both ways' : 'raw input, output in frames'
      return { ...row, text: `hijacked: ${how}` }
    }
    case 'sent':
    case 'received': {
      const bytes = { [event.kind]: event.length }
      return joinedBytes({ ...row, kind: 'bytes', isThick: true }, { ...row, ...bytes })
    }
    case 'terminal':
      if (event.moment === 'before') return undefined
      if (event.moment === 'after') return { ...row, text: note }
      return { ...row, text: `raw mode on: ${countOf(flagsChanged(moment), 'flag')} changed` }
    case 'window':
      // The first resize shows the initial size.
      if (isFirst) return undefined
      return { ...row, kind: 'window', text: `window size is now ${event.rows}×${event.columns}` }
    case 'half-close':
    case 'end':
    case 'cut':
      return {
        ...row,
        isThick: true,
        text: title.replace(/^[A-Z]/, (first) => first.toLowerCase()),
      }
    case 'signal':
      return event.name === 'SIGWINCH' ? undefined : row
    case 'over':
      return { ...row, text: event.failure ? printableLine(event.failure) : title }
    default:
      return undefined
  }
}

function flagsChanged({ flagsBefore, flags }: Moment): number {
  return changedFlags(flagsBefore, flags).length
}

/** `, exit code 5`, from the body of the exec inspect. */
function exitCodeIn(body: string): string {
  const [, code] = /"ExitCode":(\d+)/.exec(body) ?? []
  return code === undefined ? '' : `, exit code ${code}`
}

/** Merges two rows of bytes, with an arrowhead for each direction. */
function joinedBytes(one: Row, other: Row): Row {
  const sent = one.sent + other.sent
  const received = one.received + other.received
  const counts = [
    ...(sent > 0 ? [`${countOf(sent, 'byte')} sent`] : []),
    ...(received > 0 ? [`${countOf(received, 'byte')} received`] : []),
  ]
  const isBoth = sent > 0 && received > 0
  const end: Actor = [one, other].some(({ from }) => from === 'you') ? 'you' : 'terminal'
  return {
    ...{ ...one, sent, received, moment: other.moment },
    from: sent > 0 ? end : 'connection2',
    to: sent > 0 ? 'connection2' : end,
    points: isBoth ? 'both ways' : 'one way',
    text: counts.join(', '),
  }
}

/**
 * Merges each session into one row for its bytes, one for its sizes and one
 * for its resizes.
 */
function summarized(rows: readonly Row[]): Row[] {
  const result: Row[] = []
  let session: Row[] = []
  const close = (): void => {
    for (const row of session) result.push(row)
    session = []
  }
  for (const row of rows) {
    if (row.kind !== 'bytes' && row.kind !== 'window' && row.kind !== 'resize') {
      close()
      result.push(row)
      continue
    }
    const at = session.findIndex(({ kind }) => kind === row.kind)
    const same = session[at]
    if (same) session[at] = mergedRows(same, row)
    else session.push(row)
  }
  close()
  return result
}

function mergedRows(one: Row, other: Row): Row {
  if (one.kind === 'bytes') return joinedBytes(one, other)
  const times = one.times + other.times
  const text = `${other.text.replace(/^\d+ times: /, '')}`
  return { ...other, stage: one.stage, times, text: `${times} times: ${text}` }
}

/** Returns the character of a lifeline at a moment. */
function lifelineOf(actor: Actor, { terminal, connection1, connection2 }: Moment): string {
  switch (actor) {
    case 'you':
    case 'client':
      return '│'
    case 'terminal':
      return terminal === 'raw' ? '┃' : '│'
    case 'connection1':
      return connection1 === 'HTTP' ? '│' : ' '
    case 'connection2':
      return { 'not open': ' ', HTTP: '│', hijacked: '║', 'half-closed': '╎', ended: ' ' }[
        connection2
      ]
  }
}

/** Draws only the lifelines. */
function lifelines(moment: Moment, gap: number, style: Style): string {
  return actors
    .map((actor) => actorStyle(actor, style)(lifelineOf(actor, moment)))
    .join(' '.repeat(gap - 1))
}

function actorStyle(actor: Actor, style: Style): (text: string) => string {
  if (actor === 'connection1') return style.first
  return actor === 'connection2' ? style.second : (text) => text
}

/** Draws the lifelines and the arrow of a row. */
function drawn({ from, to, points, isThick, moment }: Row, gap: number, style: Style): string {
  const [start, end] = [actors.indexOf(from), actors.indexOf(to)]
  const [low, high] = [Math.min(start, end), Math.max(start, end)]
  const line = isThick ? '═' : '─'
  const colour = (text: string): string =>
    [from, to].includes('connection1')
      ? style.first(text)
      : [from, to].includes('connection2')
        ? style.second(text)
        : text
  const pointsLeft = points === 'both ways' || end < start
  const pointsRight = points === 'both ways' || end > start
  return actors
    .map((actor, at) => {
      const isThere = lifelineOf(actor, moment) !== ' ' || at === start || at === end
      const lifeline = isThere ? lifelineOf(actor, moment).replace(' ', '╵') : ' '
      const isCrossed = at > low && at < high
      const mark = start === end && at === start ? '●' : isCrossed ? line : lifeline
      const shown = isCrossed ? colour(mark) : actorStyle(actor, style)(mark)
      if (at === actors.length - 1) return shown
      if (at < low || at >= high) return `${shown}${' '.repeat(gap - 1)}`
      const head = at === low && pointsLeft ? '◀' : line
      const tail = at === high - 1 && pointsRight ? '▶' : line
      return `${shown}${colour(`${head}${line.repeat(gap - 3)}${tail}`)}`
    })
    .join('')
}

function colourOf({ from, to }: Row, style: Style): (text: string) => string {
  const [, connection] = /connection(.)/.exec(`${from} ${to}`) ?? []
  if (connection === '1') return style.first
  return connection === '2' ? style.second : (text) => text
}

/**
 * The names above the lifelines, or their initials if the lifelines are close
 * together.
 */
function nameLines(isNarrow: boolean, gap: number, { style }: Page): string[] {
  const colours = actors.map((actor) => actorStyle(actor, style))
  const line = (names: readonly string[]): string =>
    names
      .map((name, at) => colours[at]?.(padText(name, gap)) ?? name)
      .join('')
      .trimEnd()
  if (isNarrow) return [` ${line(['y', 't', 'c', '1', '2'])}`]
  return [
    `${line(['', 'your', 'this'])}  connections to the daemon`,
    line(['you', 'term.', 'client', ' 1', ' 2']),
  ]
}

/** Explains the lines that the diagram uses. */
function legendLines(rows: readonly Row[], { width, style }: Page): string[] {
  const drawnLines = new Set(
    rows.flatMap(({ moment }) => [
      lifelineOf('terminal', moment),
      lifelineOf('connection2', moment),
    ]),
  )
  const parts = [
    ...(width < narrowest ? ['y you, t terminal, c client, 1 2 connections'] : []),
    ...(drawnLines.has('║') ? ['║ ═ hijacked'] : []),
    ...(drawnLines.has('╎') ? ['╎ half-closed'] : []),
    ...(drawnLines.has('┃') ? ['┃ terminal in raw mode'] : []),
    ...(rows.some(({ stage }) => stage !== undefined) ? ['number: the running stage'] : []),
  ]
  return parts.length === 0 ? [] : wrapText(parts.join('   '), width).map(style.dim)
}
