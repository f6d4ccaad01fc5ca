/**
 * Cuts a stage of a run into scenes: one thing that happened, with the events that belong to it. The
 * guide shows a scene at a time.
 *
 * @module
 */

import type { Moment } from './moments.ts'

/** What a scene is about. */
export type SceneName =
  /** We look the container up. */
  | 'inspect container'
  /** We ask for an exec, and get its ID. */
  | 'create'
  /** We ask to start it, and for the connection. */
  | 'start'
  /** The daemon answers the start. */
  | 'start answer'
  /** The connection stops being HTTP; the first bytes may have come with the answer. */
  | 'hijack'
  /** The flags of our terminal change. */
  | 'raw mode'
  /** Keys are pressed while nothing is sent yet. */
  | 'keys'
  /** Bytes go both ways. */
  | 'session'
  /** Output comes in frames. */
  | 'frames'
  /** One of the two directions ends. */
  | 'half-close'
  | 'end'
  /** The window's size is sent. */
  | 'resize'
  /** We ask for the exit code. */
  | 'exit code'

/** One thing that happened. */
export type Scene = { readonly name: SceneName; readonly moments: readonly Moment[] }

/**
 * The scenes of one stage, in the order of their first events. What follows belongs to the same scene,
 * wherever something else came between: a key that is pressed while the window changes is still part
 * of the session.
 *
 * @param moments - of the whole run
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
  return [...scenes].map(([name, its]) => ({ name, moments: its }))
}

/** The requests of an exec by their paths. */
const requests: readonly (readonly [RegExp, SceneName])[] = [
  [/\/containers\/[^/]+\/json/, 'inspect container'],
  [/\/containers\/[^/]+\/exec/, 'create'],
  [/\/exec\/[^/]+\/start/, 'start'],
  [/\/exec\/[^/]+\/resize/, 'resize'],
  [/\/exec\/[^/]+\/json/, 'exit code'],
]

/** Stages that may put nothing on the wire: what they did is told by how they ended. */
const shownAtEnd: Readonly<Record<string, SceneName>> = {
  hijack: 'hijack',
  'raw mode': 'raw mode',
  resize: 'resize',
}

/** What goes on in later stages is told once, in the stage that makes it. */
const madeBy: Partial<Record<SceneName, string>> = {
  session: 'copy loops',
  frames: 'copy loops',
  'half-close': 'copy loops',
  end: 'copy loops',
  resize: 'resize',
}

/** The scene that a request begins. Undefined for one that is not about an exec. */
export function sceneOfRequest({ path }: { readonly path: string }): SceneName | undefined {
  return requests.find(([pattern]) => pattern.test(path))?.[1]
}

function createSceneFinder(): (moment: Moment) => SceneName | undefined {
  /** What was asked last on each connection: an answer belongs to it. */
  const asked: Partial<Record<1 | 2, SceneName>> = {}
  let isFramed = false
  return ({ event, stage, isTeardown: givesBack }) => {
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
        if (givesBack) return undefined
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
