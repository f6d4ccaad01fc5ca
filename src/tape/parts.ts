/**
 * Sorts the events of a run by the code that causes them. A session goes on
 * while later stages run, so the running stage does not tell whose event it
 * is: the bytes after the resize still come from the copy loops.
 *
 * @module
 */

import type { EventOf } from './event.ts'
import type { Moment } from './moments.ts'
import { type SceneName, sceneOfRequest } from './scenes.ts'

/** A part of a run. */
export type PartName =
  | SceneName
  /** A start whose answer ends the exchange: no session follows. */
  | 'detached start'
  /** The connection stops being HTTP. */
  | 'upgrade'
  /** What arrived before anything read it. */
  | 'early bytes'
  | 'keep-alive'
  /** Our standard input, if the output comes in frames. */
  | 'input'
  /** The size of our window, and the signal that it changed. */
  | 'window'
  /** The flags of our terminal after the run. */
  | 'restore'
  /** The run ended. */
  | 'over'
  /** After the stages the workbook ends the command and the connection. */
  | 'teardown'

/** A moment and its part. */
export type OwnedMoment = { readonly part: PartName; readonly moment: Moment }

/**
 * Returns every moment of a run with its part, except the beginnings and ends
 * of stages, and the frame headers, which are among the bytes before them.
 */
export function partsOf(moments: readonly Moment[]): OwnedMoment[] {
  const asked: Partial<Record<1 | 2, PartName>> = {}
  let isFramed = false
  return moments.flatMap((moment) => {
    const { event } = moment
    if (event.kind === 'upgrade') isFramed = event.framing === 'stdcopy'
    if (event.kind === 'request') asked[event.connection] = partOfRequest(event)
    const part = partOf(moment, asked, isFramed)
    return part === undefined ? [] : [{ part, moment }]
  })
}

/** The stages during which nothing reads the connection yet. */
const beforeReading: readonly string[] = ['start', 'hijack']

function partOfRequest(request: EventOf<'request'>): PartName {
  const scene = sceneOfRequest(request)
  if (scene === 'start' && request.connection === 1) return 'detached start'
  return scene ?? 'teardown'
}

function partOf(
  { event, stage, isTeardown }: Moment,
  asked: Partial<Record<1 | 2, PartName>>,
  isFramed: boolean,
): PartName | undefined {
  switch (event.kind) {
    case 'stage begins':
    case 'stage ended':
    case 'teardown':
    case 'frame':
      return undefined
    case 'terminal':
      return event.moment === 'after' ? 'restore' : 'raw mode'
    case 'window':
      return 'window'
    case 'over':
      return 'over'
    case 'signal':
      return event.name === 'SIGWINCH' ? 'window' : 'over'
  }
  if (isTeardown) return 'teardown'
  switch (event.kind) {
    case 'request':
      return asked[event.connection]
    case 'answer':
    case 'no answer': {
      const part = asked[event.connection] ?? 'teardown'
      return part === 'start' ? 'start answer' : part
    }
    case 'upgrade':
    case 'keep-alive':
    case 'half-close':
    case 'end':
      return event.kind
    case 'cut':
      return 'end'
    case 'sent':
      return isFramed ? 'input' : 'session'
    case 'received':
      if (stage && beforeReading.includes(stage.name)) return 'early bytes'
      return isFramed ? 'frames' : 'session'
    default:
      return 'session'
  }
}
