/**
 * One walk through the stages 1 to N, with all that can be seen of it.
 *
 * @module
 */

import type { Kit } from '../course/kit.ts'
import { createScope, type Scope } from '../course/scope.ts'
import { type AnyStage, isDone, type Walkable } from '../course/stage.ts'
import { type Step, walk } from '../course/walk.ts'
import type { Place } from '../find/place.ts'
import { isBeingEnded } from '../process/ending.ts'
import { Failure } from '../process/failure.ts'
import type { EventOf, Tape, TapeEvent } from '../tape/event.ts'
import { type StageRecord, stagesOf } from '../tape/moments.ts'
import { type PrintedState, printState } from '../tape/state.ts'
import { readTerminalModes, type TerminalModes } from '../terminal/modes.ts'
import { freshLine, ordinaryScreen, quietScreen } from '../terminal/screen.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { AnyCompanion } from './companion.ts'
import { recordWalk } from './record-walk.ts'

/** The terminal's modes around a walk, where there is a terminal. */
export type TerminalReport = {
  readonly before: TerminalModes
  /** While the terminal was raw, if it was. */
  readonly during?: TerminalModes
  readonly after: TerminalModes
}

/** What came of a walk. It is filled as the walk goes on, so that an error loses nothing. */
export type WalkResult = {
  /** The stages that ran to their end. */
  stages: readonly StageRecord[]
  terminal?: TerminalReport
  /** What was typed, key press by key press, where there is a terminal to type at. */
  keys?: readonly Uint8Array[]
  /** The exit code of the command, where the walk came to its end. */
  exitCode: number | null
  /** What was on the wire in a stage that failed. */
  unfinished: readonly TapeEvent[]
  /** Why the walk stopped before its end. */
  failure?: Failure
}

/** Sees a walk go on. */
export type WalkObserver = {
  /** A stage has run, and the screen is ours. */
  readonly stage?: (report: StageRecord) => void
  /** The next stage is the last one, or takes the terminal, and this is the state that goes in. */
  readonly inputState?: (state: PrintedState) => void
  /**
   * The next stage gives the screen to the session. Gets the sentence that says how to get out of
   * it; the stage begins when what this returns is settled.
   */
  readonly session?: (wayOut: string) => void | Promise<void>
  /** The walk is over, or ended by a signal, and this is its tape. */
  readonly tape?: (tape: Tape) => void
  /** The walk goes on, and this is its tape so far: what is left of it if we are killed. */
  readonly tapeMeanwhile?: (tape: Tape) => void
}

/** A walk to make. */
export type Walk = {
  readonly course: Walkable<object>
  /** What is said and done around each stage of the course. */
  readonly companions: readonly AnyCompanion[]
  /** The number of the last stage to run. */
  readonly last: number
  /** The state that the course begins with. */
  readonly first: object
  readonly terminal: Terminal
}

/**
 * Walks. Whatever the stages hold is given back before this returns; `scope` is there for a signal
 * that comes earlier. A {@link Failure} is in the result, anything else is thrown.
 */
export async function walkChapter(
  asked: Walk,
  place: Place,
  scope: Scope,
  observer: WalkObserver = {},
): Promise<WalkResult> {
  const { course, companions, last, first, terminal } = asked
  const { engine, recorder } = place
  const result: WalkResult = { stages: [], exitCode: null, unfinished: [] }
  const target = course.stages[last - 1]
  // The stages have a scope of their own: the container outlives what runs in it.
  const stages = createScope()
  const recording = recordWalk(
    {
      last,
      stages: course.stages.slice(0, last).map(({ name }) => name),
      terminal,
      keep: (tape) => observer.tape?.(tape),
      keepMeanwhile: (tape) => observer.tapeMeanwhile?.(tape),
    },
    place,
    scope,
  )
  const holdingStages = scope.hold('stages', stages, stages.releaseAll)
  const kit: Kit = { engine, terminal: recording.terminal, scope: stages }
  const modes = watchModes(terminal, recorder)

  const noteStages = (): void => {
    const recorded = stagesOf(recorder.events())
    result.stages = recorded.filter(({ isWhole }) => isWhole)
    result.unfinished = recorded.find(({ isWhole }) => !isWhole)?.wire ?? []
  }
  let shown = 0
  const showStages = (): void => {
    if (isBeingEnded()) return
    for (const report of result.stages.slice(shown)) observer.stage?.(report)
    shown = result.stages.length
  }
  let session: Session | undefined
  const before = async (stage: AnyStage, state: object): Promise<void> => {
    const isLast = stage === target
    const companion = companions[course.stages.indexOf(stage)]
    if (!session && (isLast || companion?.wayOut)) {
      showStages()
      observer.inputState?.(printState(state))
    }
    // From the first live stage on the screen belongs to the session. What was is shown before
    // it, how to get out is said before it, and the rest is shown when the terminal is back.
    if (!session && companion?.wayOut) {
      await observer.session?.(companions[last - 1]?.wayOut?.(state, kit) ?? '')
      session = beginSession(scope, terminal)
    }
    const { name, title, question } = stage
    const number = course.stages.indexOf(stage) + 1
    const begins = { number, name, title, question, state: printState(state) }
    recorder.note({ kind: 'stage begins', ...begins })
  }

  try {
    for await (const step of walk(course, first, kit, { last, before })) {
      const companion = companions[step.number - 1]
      if (stages.live().includes('raw mode')) modes.readRaw()
      recorder.note({ kind: 'stage ended', ...resultOf(step, companion, stages.live()) })
      noteStages()
      if (!session) showStages()
      if (step.number === last) await companions[last - 1]?.linger?.(step.state, kit)
      result.exitCode = (step.state as { exitCode?: number }).exitCode ?? null
      if (session) session.endedByItself = step.number === last
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    result.failure = error
  } finally {
    // What came while the last stage lingered, the whole session perhaps, belongs to it.
    noteStages()
    if (terminal.inputIsTerminal) result.keys = recording.keys
    await holdingStages.release()
    await session?.end()
    Object.assign(result, modes.readAfter())
    await recording.finish(result.exitCode, result.failure)
    showStages()
  }
  return result
}

/** Reads the terminal's modes before a walk, as soon as it is raw, and after it. */
function watchModes({ inputIsTerminal }: Terminal, { note }: Pick<Place['recorder'], 'note'>) {
  const read = (moment: EventOf<'terminal'>['moment']): TerminalModes | undefined => {
    const modes = readTerminalModes()
    if (modes) note({ kind: 'terminal', moment, flags: modes.flags })
    return modes
  }
  const before = inputIsTerminal ? read('before') : undefined
  let during: TerminalModes | undefined
  return {
    readRaw() {
      during ??= read('raw')
    },
    readAfter(): Pick<WalkResult, 'terminal'> {
      const after = before && read('after')
      return before && after ? { terminal: { before, after, ...(during && { during }) } } : {}
    },
  }
}

/** The time in which the screen is not ours. */
type Session = { endedByItself: boolean; readonly end: () => Promise<void> }

/**
 * A program that was left while it runs, or whose connection broke, cannot clean up what it did to
 * the screen. We do it for it, also if a signal ends us before the session has ended.
 */
function beginSession(scope: Scope, { inputIsTerminal, output, size }: Terminal): Session {
  const session = { endedByItself: false, end: async () => held.release() }
  const held = scope.hold('screen', session, () => {
    if (!inputIsTerminal) return
    // A session that ends by itself may still end in the middle of a line: the container was
    // removed, or the keys to detach were pressed at a prompt.
    const { columns = 0 } = size() ?? {}
    output.write(session.endedByItself ? `${quietScreen}${freshLine(columns)}` : ordinaryScreen)
  })
  return session
}

/** What the tape tells of a stage that ended. */
function resultOf(
  { number, state, milliseconds }: Step,
  companion: AnyCompanion | undefined,
  held: readonly string[],
): Omit<EventOf<'stage ended'>, 'kind' | 'at'> {
  const story = isDone(state) ? detachedStory : (companion?.summarize(state) ?? '')
  return { number, story, state: printState(state), held, milliseconds }
}

const detachedStory =
  'The command was started in the background: there is no session, and the course ends here.'
