/**
 * Groups the events of a stage into scenes. A scene is one step of the
 * protocol; the guide shows one scene at a time.
 *
 * @module
 */

import { kindOf } from './grammar/request-kinds.ts'
import type { Moment } from './moments.ts'

/** The subject of a scene. */
export type SceneName =
  /** We look the container up. */
  | 'inspect container'
  /** We create an exec and get its ID. */
  | 'create'
  /** We start the exec and ask for the connection. */
  | 'start'
  /** The daemon answers the start. */
  | 'start answer'
  /**
   * The connection stops being HTTP. The answer may already bring the first
   * bytes.
   */
  | 'hijack'
  /** The flags of our terminal change. */
  | 'raw mode'
  /** Keys are pressed but not sent yet. */
  | 'keys'
  /** Bytes go both ways. */
  | 'session'
  /** Output arrives in frames. */
  | 'frames'
  /** One of the two directions ends. */
  | 'half-close'
  | 'end'
  /** The window's size is sent. */
  | 'resize'
  /** We ask for the exit code. */
  | 'exit code'

/** A scene and its events. */
export type Scene = { readonly name: SceneName; readonly moments: readonly Moment[] }

/**
 * Returns the scenes of one stage in the order of their first events. A scene
 * need not be contiguous: a key pressed while the window changes is still
 * part of the session.
 *
 * @param moments - the moments of the whole run
 * @param stage - the number of the stage
 */
export function scenesOf(moments: readonly Moment[], stage: number): Scene[] {
  const scenes = new Map<SceneName, Moment[]>()
  const sceneOf = createSceneFinder()
  for (const moment of moments) {
    const name = sceneOf(moment)
    if (name === undefined || moment.stage?.number !== stage) continue
    if ((madeBy[name] ?? moment.stage.name) !== moment.stage.name) continue
    scenes.set(name, [...(scenes.get(name) ?? []), moment])
  }
  return [...scenes].map(([name, group]) => ({ name, moments: group }))
}

/**
 * Stages that may put nothing on the wire. Their story at the end says what
 * they did.
 */
const shownAtEnd: Readonly<Record<string, SceneName>> = {
  hijack: 'hijack',
  'raw mode': 'raw mode',
  resize: 'resize',
}

/**
 * Scenes that continue in later stages are shown only in the stage that
 * introduces them.
 */
const madeBy: Partial<Record<SceneName, string>> = {
  session: 'copy loops',
  frames: 'copy loops',
  'half-close': 'copy loops',
  end: 'copy loops',
  resize: 'resize',
}

/**
 * Returns the scene of a request. Undefined for a request that is not part of
 * an exec.
 */
export function sceneOfRequest({ path }: { readonly path: string }): SceneName | undefined {
  const kind = kindOf({ path })
  if (kind === 'other') return undefined
  return kind === 'inspect' ? 'exit code' : kind
}

function createSceneFinder(): (moment: Moment) => SceneName | undefined {
  /** The last request on each connection. The next answer belongs to it. */
  const asked: Partial<Record<1 | 2, SceneName>> = {}
  let isFramed = false
  return ({ event, stage, isTeardown }) => {
    switch (event.kind) {
      case 'request': {
        const name = sceneOfRequest(event)
        if (name) asked[event.connection] = name
        return name
      }
      case 'answer':
      case 'no answer': {
        const name = asked[event.connection]
        return name === 'start' ? 'start answer' : name
      }
      case 'upgrade':
        isFramed = event.framing === 'stdcopy'
        return 'start answer'
      case 'stage ended':
        return asked[1] === 'resize' ? undefined : shownAtEnd[stage?.name ?? '']
      case 'keep-alive':
        return 'hijack'
      case 'sent':
      case 'received':
      case 'half-close':
      case 'end':
        if (isTeardown) return undefined
        if (event.kind === 'half-close' || event.kind === 'end') return event.kind
        if (stage?.name === 'hijack') return 'hijack'
        return isFramed ? 'frames' : 'session'
      case 'window':
        return 'resize'
      case 'terminal':
        return event.moment === 'raw' ? 'raw mode' : undefined
      default:
        return undefined
    }
  }
}
