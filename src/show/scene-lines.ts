/**
 * A scene of a run as text: what happened in words, with its bytes.
 *
 * @module
 */

import { hasBytes, type TapeEvent } from '../tape/event.ts'
import type { Moment, StageRecord } from '../tape/moments.ts'
import type { Scene } from '../tape/scenes.ts'
import { addedNames, changedNames, valueText, widestOf } from '../tape/state.ts'
import { wireLines } from '../tape/wire.ts'
import { countOf } from '../text/count.ts'
import { printable } from '../text/printable.ts'
import { cutText, indented, padText, wrapText } from '../text/width.ts'
import { eventLines } from './moment.ts'
import type { Page } from './stage-lines.ts'

/** The rows of bytes that are shown of one piece, and the characters of a body. */
const excerpt = { rows: 6, bodyLength: 240 }

/** Of a session less of each piece, so that the key that comes back is not below a long greeting. */
const sessionExcerpt = { ...excerpt, rows: 2 }

/**
 * The lines of a scene.
 *
 * @param moments - of the whole run: a frame may have begun in an earlier scene
 */
export function sceneLines(
  scene: Scene,
  moments: readonly Moment[],
  { width, style }: Page,
): string[] {
  const only = scene.moments.length === 1
  return runsOf(scene.moments).flatMap((run) => {
    const [first] = run
    if (!first) return []
    if (first.event.kind === 'stage ended') {
      return only ? wrapText(printable(first.event.story), width) : []
    }
    if (!hasBytes(first.event)) return eventLines(first, width, { ...excerpt, style })
    const earlier = moments.slice(0, first.number - 1).map(({ event }) => event)
    const events: readonly TapeEvent[] = run.map(({ event }) => event)
    const portion = scene.name === 'session' ? sessionExcerpt : excerpt
    return wireLines(events, { width, earlier, style, ...portion })
  })
}

/** Bytes that follow each other are shown together; everything else stands alone. */
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
 * What a stage needed of the state that came in, and what it added or changed.
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
  return [
    style.bold('State in: what this stage needs'),
    ...indented(wrapText(inRow || 'nothing', width - 2), 2),
    style.bold('State out: what it adds'),
    ...values(added, '+').map(style.added),
    ...values(changed, '~'),
    ...(added.length + changed.length === 0 ? ['  nothing'] : []),
    ...(others > 0
      ? [style.dim(`  and ${countOf(others, 'value')} more, passed on unchanged`)]
      : []),
  ]
}
