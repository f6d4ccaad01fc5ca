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
import { whyNotRunning } from '../find/sandbox.ts'
import { isProcessEnding, onInterrupt } from '../process/ending.ts'
import { Failure } from '../process/failure.ts'
import type { EventOf, Tape, TapeEvent } from '../tape/event.ts'
import { type StageRecord, stagesOf } from '../tape/moments.ts'
import { type PrintedState, printState } from '../tape/state.ts'
import { type AskedSession, type Task, type TaskResult, tasksFor } from '../tasks/task.ts'
import { externalEndText, interruptText } from '../tasks/way-out.ts'
import { readTerminalModes, type TerminalModes } from '../terminal/modes.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { AnyCompanion } from './companion.ts'
import { beginSession, type LiveSession } from './live-session.ts'
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
  /** The tasks of the session, done or not, if there was one. */
  tasks?: readonly TaskResult[]
  /** How the session was left, in a sentence, if it was not the command that ended it. */
  exitStory?: string
  /** What the learner's own stage has left undone with the terminal, in a sentence. */
  leftRaw?: string
  /** True if Ctrl-C ended the session: our terminal was not raw, and made a signal of the key. */
  isInterrupted?: boolean
  /** The exit code of the command, where the walk came to its end. */
  exitCode: number | null
  /** What was on the wire in a stage that failed. */
  unfinished: readonly TapeEvent[]
  /** Why the walk stopped before its end. */
  failure?: Failure
}

/** What there is to say before a session. */
export type AnnouncedSession = {
  /** How to get out of it, in a sentence. */
  readonly wayOut: string
  /** What to try in it. */
  readonly tasks: readonly Task[]
}

/** Sees a walk go on. */
export type WalkObserver = {
  /** A stage has run, and the screen is ours. */
  readonly stage?: (report: StageRecord) => void
  /** The next stage is the last one, or takes the terminal, and this is the state that goes in. */
  readonly inputState?: (state: PrintedState) => void
  /** The next stage gives the screen to the session. It begins when what this returns is settled. */
  readonly session?: (session: AnnouncedSession) => void | Promise<void>
  /** What has become of the tasks of the session so far. Comes once before the first is done. */
  readonly tasks?: (results: readonly TaskResult[]) => void
  /**
   * The session is over and the screen is ours again, with the cursor in an empty line. What came of
   * the session is known; its stages are shown next.
   */
  readonly sessionEnded?: (result: WalkResult) => void
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
  /** Whether the window's title may show which tasks are done. */
  readonly usesTitle?: boolean
  /**
   * Whether a Ctrl-C that comes as a signal ends the session and not the process. docker's client is
   * ended by it.
   */
  readonly isInterruptible?: boolean
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
  let session: LiveSession | undefined
  const recording = recordWalk(
    {
      last,
      stages: course.stages.slice(0, last).map(({ name }) => name),
      terminal,
      keep: (tape) => observer.tape?.(tape),
      keepMeanwhile: (tape) => observer.tapeMeanwhile?.(tape),
      keyPressed: () => session?.keyPressed(),
    },
    place,
    scope,
  )
  let givesBack = false
  const noteGivingBack = (): void => {
    if (!givesBack) recorder.note({ kind: 'teardown' })
    givesBack = true
  }
  const holdingStages = scope.hold('stages', stages, () => {
    noteGivingBack()
    return stages.releaseAll()
  })
  const kit: Kit = { engine, terminal: recording.terminal, scope: stages }
  const modes = watchModes(terminal, recorder)

  const noteStages = (): void => {
    const recorded = stagesOf(recorder.events())
    result.stages = recorded.filter(({ isWhole }) => isWhole)
    result.unfinished = recorded.find(({ isWhole }) => !isWhole)?.wire ?? []
  }
  let shown = 0
  const showStages = (): void => {
    if (isProcessEnding()) return
    for (const report of result.stages.slice(shown)) observer.stage?.(report)
    shown = result.stages.length
  }
  const before = async (stage: AnyStage, state: object): Promise<void> => {
    const isLast = stage === target
    const companion = companions[course.stages.indexOf(stage)]
    if (!session && (isLast || companion?.wayOut)) {
      showStages()
      observer.inputState?.(printState(state))
    }
    // From the first live stage on the screen belongs to the session. What was is shown before
    // it, how to get out is said before it, and the rest is shown when the terminal is back.
    const { wayOut: wayOutOf, tasks = [], keepsScreen = false } = companions[last - 1] ?? {}
    const wayOut = companion?.wayOut && wayOutOf?.(state, kit)
    if (!session && wayOut !== undefined) {
      const announced = {
        wayOut,
        tasks: tasksFor(tasks, first as AskedSession, terminal),
      }
      await observer.session?.(announced)
      const options = {
        ...{ tasks: announced.tasks, keepsScreen, usesTitle: asked.usesTitle ?? false },
        show: (results: readonly TaskResult[]) => observer.tasks?.(results),
      }
      session = beginSession(options, terminal, recorder, recording.keys, scope)
    }
    const { name, title, question } = stage
    const number = course.stages.indexOf(stage) + 1
    const begins = { number, name, title, question, state: printState(state) }
    recorder.note({ kind: 'stage begins', ...begins })
  }

  const giveBack = async (): Promise<void> => {
    // What came while the last stage lingered, the whole session perhaps, belongs to it.
    noteStages()
    if (terminal.inputIsTerminal) result.keys = recording.keys
    await holdingStages.release()
    if (session) result.tasks = await session.end()
    if (course.mine && modes.restore()) result.leftRaw = leftRawText(course.mine.chapter)
    Object.assign(result, modes.readAfter())
    await recording.finish(result.exitCode, result.failure)
  }
  let teardown: Promise<void> | undefined
  const ignoreInterrupt = onInterrupt(() => {
    const isSignal = session !== undefined && !stages.live().includes('raw mode')
    if (!isSignal || !asked.isInterruptible) return false
    result.isInterrupted = true
    result.exitStory = interruptText(first as AskedSession & { container: string })
    teardown ??= giveBack()
    return true
  })

  let lastState: object = first
  try {
    for await (const step of walk(course, first, kit, { last, before })) {
      // Without its connection a stage may still come to an end, and has nothing to tell.
      if (result.isInterrupted) break
      const companion = companions[step.number - 1]
      if (stages.live().includes('raw mode')) modes.readRaw()
      recorder.note({ kind: 'stage ended', ...resultOf(step, companion, stages.live()) })
      noteStages()
      if (!session) showStages()
      lastState = step.state
      result.exitCode = (step.state as { exitCode?: number }).exitCode ?? null
      if (step.number !== last) continue
      await companion?.onLastStage?.(step.state, kit)
      const leaving = await companion?.sessionEnd?.(step.state)
      if (leaving !== undefined) result.exitStory ??= leaving
      noteGivingBack()
      await companion?.endSession?.(step.state)
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    result.failure = error
  } finally {
    teardown ??= giveBack()
    await teardown
    ignoreInterrupt()
    const isOver = result.stages.length === last && companions[last - 1]?.sessionEnd !== undefined
    const mayAsk = session && isOver && terminal.inputIsTerminal && !isProcessEnding()
    if (mayAsk && result.exitStory === undefined) {
      // The tape is complete by now, so this request is not on it.
      const { container, execId } = lastState as { container: string; execId: string }
      const why = await whyNotRunning(engine, container, execId)
      if (why !== undefined) result.exitStory = externalEndText(why)
    }
    if (result.exitStory !== undefined && result.exitCode !== null) {
      result.exitStory += ` Our exit code is ${result.exitCode}.`
    }
    if (result.exitStory !== undefined) result.stages = endingWith(result.stages, result.exitStory)
    if (session && !isProcessEnding()) observer.sessionEnded?.(result)
    showStages()
  }
  return result
}

/** The same stages. In the last one the session ended, and how it did is told instead of its story. */
function endingWith(stages: readonly StageRecord[], story: string): StageRecord[] {
  return stages.map((stage, at) => (at === stages.length - 1 ? { ...stage, story } : stage))
}

const leftRawText = (chapter: number): string =>
  `Your stage left the terminal raw, and the workbook restored it: npm run check ${chapter} judges your stage.`

/** Reads the terminal's modes before a walk, as soon as it is raw, and after it. */
function watchModes(
  { inputIsTerminal, readModes, setModes }: Terminal,
  { note }: Pick<Place['recorder'], 'note'>,
) {
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
    /** Sets them as they were before. Returns whether they were others. */
    restore(): boolean {
      if (!before || readModes() === before.saved) return false
      setModes(before.saved)
      return true
    },
    readAfter(): Pick<WalkResult, 'terminal'> {
      const after = before && read('after')
      return before && after ? { terminal: { before, after, ...(during && { during }) } } : {}
    },
  }
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
