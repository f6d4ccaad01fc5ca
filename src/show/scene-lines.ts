/**
 * Shows a scene of a run: what happened, in words and bytes.
 *
 * @module
 */

import { type EventOf, hasBytes, type TapeEvent } from '../tape/event.ts'
import type { Moment, StageRecord } from '../tape/moments.ts'
import type { Scene } from '../tape/scenes.ts'
import { addedNames, changedNames, valueText, widestOf } from '../tape/state.ts'
import { joinBytes, onWireLines, type Portion, wireLines } from '../tape/wire.ts'
import { countOf } from '../text/count.ts'
import { printable } from '../text/printable.ts'
import { cutText, indented, padText, wrapText } from '../text/width.ts'
import { eventLines } from './moment.ts'
import type { Page } from './stage-lines.ts'

/**
 * How much of a scene to show: rows of bytes per block, and characters of a
 * body.
 */
type Excerpt = Pick<Portion, 'rows' | 'bodyLength'> & {
  /** Whether to show a request's Content-Type, which is always JSON. */
  readonly contentType: boolean
}

/** The first excerpt that fits is used. */
const excerpts: readonly Excerpt[] = [
  { rows: 6, bodyLength: 240, contentType: true },
  { rows: 2, bodyLength: 240, contentType: false },
  { rows: 1, bodyLength: 120, contentType: false },
]

/**
 * Returns the lines of a scene. If there is not enough room, details are left
 * out.
 *
 * @param moments - the moments of the whole run: a frame may have begun in an
 * earlier scene
 * @param room - the maximum number of lines. The shortest excerpt may exceed
 * it.
 */
export function sceneLines(
  scene: Scene,
  moments: readonly Moment[],
  page: Page,
  room: number,
): string[] {
  // A session shows less of each block, so a long greeting does not hide the
  // first echoed key.
  const from = scene.name === 'session' ? 1 : 0
  const candidates = excerpts.slice(from).map((portion) => excerptOf(scene, moments, page, portion))
  return candidates.find((lines) => lines.length <= room) ?? candidates.at(-1) ?? []
}

/**
 * Returns an excerpt of a session that does not fit: its beginning, and the
 * first press of each control key with the answer to it.
 */
export function longSessionLines(
  { moments }: Scene,
  { width, style }: Page,
  room: number,
): string[] {
  const pieces = joinBytes(moments)
  const lines = pieces.flatMap((moment) =>
    onWireLines(moment, { width, style, rows: 1 }).slice(0, 1),
  )
  const controls = pieces.map(({ event, pieces: parts }) =>
    event.kind === 'sent' ? parts.flatMap(({ bytes }) => [...bytes]).filter(isControlKey) : [],
  )
  let shown: ReadonlySet<number> = new Set()
  for (const key of new Set(controls.flat())) {
    const at = controls.findIndex((keys) => keys.includes(key))
    addIfRoom([at, at + 1])
  }
  for (const at of lines.keys()) addIfRoom([at])
  return withGaps(lines, shown)

  function addIfRoom(places: readonly number[]): void {
    const more = new Set([...shown, ...places])
    if (withGaps(lines, more).length <= room) shown = more
  }
}

/**
 * Whether a byte is Enter or Ctrl with a letter. Arrow keys and the
 * terminal's answers begin with an escape character and do not count.
 */
function isControlKey(byte: number): boolean {
  return byte < 0x20 && byte !== 0x1b
}

/** Returns the lines at these places, with dots for the lines in between. */
function withGaps(lines: readonly string[], shown: ReadonlySet<number>): string[] {
  return lines.flatMap((line, at) => {
    if (shown.has(at)) return [line]
    return at === 0 || shown.has(at - 1) ? ['   …'] : []
  })
}

function excerptOf(
  scene: Scene,
  moments: readonly Moment[],
  { width, style }: Page,
  { contentType, ...portion }: Excerpt,
): string[] {
  const only = scene.moments.length === 1
  return runsOf(scene.moments).flatMap((run) => {
    const [first] = run
    if (!first) return []
    const { event } = first
    if (event.kind === 'stage ended') return only ? wrapText(printable(event.story), width) : []
    if (!hasBytes(event)) {
      const isShort = event.kind === 'request' && !contentType
      const shown = isShort ? { ...first, event: withoutContentType(event) } : first
      return eventLines(shown, width, { ...portion, style })
    }
    const earlier = moments.slice(0, first.number - 1).map((each) => each.event)
    const events: readonly TapeEvent[] = run.map((each) => each.event)
    return wireLines(events, { width, earlier, style, ...portion })
  })
}

function withoutContentType(request: EventOf<'request'>): EventOf<'request'> {
  const isOther = ([name]: readonly [string, string]): boolean =>
    name.toLowerCase() !== 'content-type'
  return { ...request, headers: request.headers.filter(isOther) }
}

/** Groups consecutive bytes. Every other event is a group of its own. */
function runsOf(moments: readonly Moment[]): Moment[][] {
  const runs: Moment[][] = []
  for (const moment of moments) {
    const last = runs.at(-1)
    const isBytes = hasBytes(moment.event) || moment.event.kind === 'frame'
    if (isBytes && last?.[0] && hasBytes(last[0].event)) last.push(moment)
    else if (moment.event.kind !== 'frame') runs.push([moment])
  }
  return runs
}

/**
 * Returns what a stage read from the state, and what it added or changed.
 *
 * @param needs - the names of the values that the stage reads
 */
export function stateChangeLines(
  { before, state }: StageRecord,
  needs: readonly string[],
  { width, style }: Page,
): string[] {
  const added = addedNames(before, state)
  const changed = changedNames(before, state)
  const others = Object.keys(state).length - new Set([...needs, ...added, ...changed]).size
  const wide = widestOf([...added, ...changed])
  const inRow = needs.map((name) => `${name} ${valueText(before[name])}`).join(' · ')
  const values = (names: readonly string[], mark: string): string[] =>
    names.map((name) => cutText(`${mark} ${padText(name, wide)}  ${valueText(state[name])}`, width))
  const same = `plus ${countOf(others, 'unchanged value')}`
  return [
    style.bold('State in: what this stage needs'),
    ...indented(wrapText(inRow || 'nothing', width - 2), 2),
    style.bold('State out: what it adds'),
    ...values(added, '+').map(style.added),
    ...values(changed, '~'),
    ...(added.length + changed.length === 0 ? ['  nothing'] : []),
    ...(others > 0 ? indented(wrapText(same, width - 2), 2).map(style.dim) : []),
  ]
}
