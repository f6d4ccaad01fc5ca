/**
 * One walk through stages 1 to N, with everything that can be observed.
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
import { printable } from '../text/printable.ts'
import type { AnyCompanion } from './companion.ts'
import { beginSession, type LiveSession } from './live-session.ts'
import { recordWalk } from './record-walk.ts'

/** The terminal's modes around a walk. */
export type TerminalReport = {
  readonly before: TerminalModes
  /** In raw mode, if the terminal was raw. */
  readonly during?: TerminalModes
  readonly after: TerminalModes
}

/**
 * The result of a walk. It grows during the walk, so an error loses nothing.
 */
export type WalkResult = {
  /** The stages that finished. */
  stages: readonly StageRecord[]
  terminal?: TerminalReport
  /** The keys typed, one item per key press, if the input is a terminal. */
  keys?: readonly Uint8Array[]
  /** The tasks of the session, finished or not, if there was one. */
  tasks?: readonly TaskResult[]
  /** How the session ended, in a sentence, if the command did not end it. */
  exitStory?: string
  /** What the learner's own stage failed to restore, in a sentence. */
  leftRaw?: string
  /**
   * True if Ctrl-C ended the session: our terminal was not raw and turned the
   * key into a signal.
   */
  isInterrupted?: boolean
  /** The exit code of the command, if the walk was completed. */
  exitCode: number | null
  /** The events on the wire in a failed stage. */
  unfinished: readonly TapeEvent[]
  /** Why the walk stopped early. */
  failure?: Failure
}

/** What to announce before a session. */
export type AnnouncedSession = {
  /** How to get out of it, in a sentence. */
  readonly wayOut: string
  /** The tasks to try in it. */
  readonly tasks: readonly Task[]
}

/** Callbacks during a walk. */
export type WalkObserver = {
  /** A stage has finished and the screen is ours. */
  readonly stage?: (report: StageRecord) => void
  /**
   * The next stage is the last one or takes the terminal. This is its input
   * state.
   */
  readonly inputState?: (state: PrintedState) => void
  /**
   * The next stage hands the screen to the session, which begins when the
   * returned promise settles.
   */
  readonly session?: (session: AnnouncedSession) => void | Promise<void>
  /**
   * The results of the session's tasks so far. First called before any task
   * is finished.
   */
  readonly tasks?: (results: readonly TaskResult[]) => void
  /**
   * The session is over, and the screen is ours again with the cursor on an
   * empty line. The result of the session is complete; its stages are shown
   * next.
   */
  readonly sessionEnded?: (result: WalkResult) => void
  /** The walk has ended, perhaps by a signal. This is its tape. */
  readonly tape?: (tape: Tape) => void
  /**
   * The walk continues. This is its tape so far, which remains if the process
   * is killed.
   */
  readonly tapeSoFar?: (tape: Tape) => void
}

/** A walk to run. */
export type Walk = {
  readonly course: Walkable<object>
  /** The companion of each stage of the course. */
  readonly companions: readonly AnyCompanion[]
  /** The number of the last stage to run. */
  readonly last: number
  /** The input of the first stage. */
  readonly first: object
  readonly terminal: Terminal
  /** Whether the window's title may show the finished tasks. */
  readonly usesTitle?: boolean
  /**
   * Whether a SIGINT ends the session instead of the process. It ends
   * docker's client.
   */
  readonly isInterruptible?: boolean
}

/**
 * Walks through the stages. Everything they hold is released before this
 * returns; `scope` is for a signal that arrives earlier. A {@link Failure} is
 * part of the result, anything else is thrown.
 */
export async function walkChapter(
  requested: Walk,
  place: Place,
  scope: Scope,
  observer: WalkObserver = {},
): Promise<WalkResult> {
  const { course, companions, last, first, terminal } = requested
  const { engine, recorder } = place
  const result: WalkResult = { stages: [], exitCode: null, unfinished: [] }
  const target = course.stages[last - 1]
  // The stages have their own scope: the container outlives them.
  const stages = createScope()
  let session: LiveSession | undefined
  const recording = recordWalk(
    {
      last,
      stages: course.stages.slice(0, last).map(({ name }) => name),
      terminal,
      keepTape: (tape) => observer.tape?.(tape),
      keepTapeSoFar: (tape) => observer.tapeSoFar?.(tape),
      keyPressed: () => session?.keyPressed(),
    },
    place,
    scope,
  )
  let isTearingDown = false
  const noteTeardown = (): void => {
    if (!isTearingDown) recorder.note({ kind: 'teardown' })
    isTearingDown = true
  }
  const heldStages = scope.hold('stages', stages, () => {
    noteTeardown()
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
    // From the first live stage on, the screen belongs to the session. Show
    // earlier stages and the way out before it, and the other stages once the
    // terminal is restored.
    const { wayOut: wayOutOf, tasks = [], keepsScreen = false } = companions[last - 1] ?? {}
    const wayOut = companion?.wayOut && wayOutOf?.(state, kit)
    if (!session && wayOut !== undefined) {
      const announced = {
        wayOut,
        tasks: tasksFor(tasks, first as AskedSession, terminal),
      }
      await observer.session?.(announced)
      const options = {
        ...{ tasks: announced.tasks, keepsScreen, usesTitle: requested.usesTitle ?? false },
        show: (results: readonly TaskResult[]) => observer.tasks?.(results),
      }
      session = beginSession(options, terminal, recorder, recording.keys, scope)
    }
    const { name, title, question } = stage
    const number = course.stages.indexOf(stage) + 1
    const begins = { number, name, title, question, state: printState(state) }
    recorder.note({ kind: 'stage begins', ...begins })
  }

  const tearDown = async (): Promise<void> => {
    // Whatever arrived after the last stage ran, perhaps a whole session,
    // belongs to it.
    noteStages()
    if (terminal.inputIsTerminal) result.keys = recording.keys
    await heldStages.release()
    if (session) result.tasks = await session.end()
    if (course.mine && modes.restore()) result.leftRaw = leftRawText(course.mine.chapter)
    Object.assign(result, modes.readAfter())
    await recording.finish(result.exitCode, result.failure)
  }
  let teardown: Promise<void> | undefined
  const ignoreInterrupt = onInterrupt(() => {
    const isSignal = session !== undefined && !stages.live().includes('raw mode')
    if (!isSignal || !requested.isInterruptible) return false
    result.isInterrupted = true
    result.exitStory = interruptText(first as AskedSession & { container: string })
    teardown ??= tearDown()
    return true
  })

  let lastState: object = first
  try {
    for await (const step of walk(course, first, kit, { last, before })) {
      // After an interrupt a stage may still finish, but its result means
      // nothing.
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
      const endStory = await companion?.sessionEnd?.(step.state)
      if (endStory !== undefined) result.exitStory ??= endStory
      noteTeardown()
      await companion?.endSession?.(step.state)
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    result.failure = error
  } finally {
    teardown ??= tearDown()
    await teardown
    ignoreInterrupt()
    const isOver = result.stages.length === last && companions[last - 1]?.sessionEnd !== undefined
    const mayAsk = session && isOver && terminal.inputIsTerminal && !isProcessEnding()
    if (mayAsk && result.exitStory === undefined) {
      // The tape is complete, so this request is not on it.
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

/**
 * Returns the same stages. The last one describes how the session ended
 * instead of its own result.
 */
function endingWith(stages: readonly StageRecord[], story: string): StageRecord[] {
  return stages.map((stage, at) => (at === stages.length - 1 ? { ...stage, story } : stage))
}

const leftRawText = (chapter: number): string =>
  `Your stage left the terminal raw, so the workbook restored it. To check your stage: npm run check ${chapter}`

/**
 * Reads the terminal's modes before a walk, in raw mode, and after the walk.
 */
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
    /**
     * Restores the modes from before the walk. Returns whether they had
     * changed.
     */
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

/** Returns what the tape records about a finished stage. */
function resultOf(
  { number, state, milliseconds }: Step,
  companion: AnyCompanion | undefined,
  held: readonly string[],
): Omit<EventOf<'stage ended'>, 'kind' | 'at'> {
  const story = isDone(state) ? detachedStory : (companion?.summarize(state) ?? '')
  return { number, story: printable(story), state: printState(state), held, milliseconds }
}

const detachedStory =
  'The command runs in the background: there is no session, and the course ends here.'
