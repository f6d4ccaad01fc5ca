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
import type { StageReport, TerminalReport } from '../show/stage-report.ts'
import type { RecordedTape } from '../tape/recorded.ts'
import { type PrintedState, printState } from '../tape/state.ts'
import type { WireEvent } from '../tape/tape.ts'
import { readTerminalModes, type TerminalModes } from '../terminal/modes.ts'
import { freshLine, ordinaryScreen, quietScreen } from '../terminal/screen.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { AnyCompanion } from './companion.ts'
import { keepKeys } from './keep-keys.ts'
import { recordWalk } from './record-walk.ts'

/** What a walk has brought so far. It is filled as it goes, so that an error loses nothing. */
export type WalkResult = {
  readonly stages: StageReport[]
  terminal?: TerminalReport
  /** What was typed, key press by key press, where there is a terminal to type at. */
  keys?: readonly Uint8Array[]
  /** The exit code of the command, where the walk came to its end. */
  exitCode: number | null
  /** What was on the wire in a stage that failed. */
  unfinished: readonly WireEvent[]
  /** Why the walk stopped before its end. */
  failure?: Failure
}

/** Sees a walk go on. */
export type WalkObserver = {
  /** A stage has run, and the screen is ours. */
  readonly stage?: (report: StageReport) => void
  /** The next stage is the last one, or takes the terminal, and this is the state that goes in. */
  readonly goesIn?: (state: PrintedState) => void
  /**
   * The next stage gives the screen to the session. Gets the sentence that says how to get out of
   * it; the stage begins when what this returns is settled.
   */
  readonly session?: (wayOut: string) => void | Promise<void>
  /** The walk is over, or ended by a signal, and this is its tape. */
  readonly tape?: (tape: RecordedTape) => void
  /** The walk goes on, and this is its tape so far: what is left of it if we are killed. */
  readonly tapeMeanwhile?: (tape: RecordedTape) => void
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
 * that comes earlier. A {@link Failure} is in the findings, anything else is thrown.
 */
export async function walkChapter(
  asked: Walk,
  place: Place,
  scope: Scope,
  observer: WalkObserver = {},
): Promise<WalkResult> {
  const { course, companions, last, first, terminal } = asked
  const { engine, tape } = place
  const findings: WalkResult = { stages: [], exitCode: null, unfinished: [] }
  const target = course.stages[last - 1]
  // The stages have a scope of their own: the container outlives what runs in it.
  const stages = createScope()
  // Of the wire, only what the stages do belongs to the story.
  tape.take()
  const recorded = recordWalk(
    asked,
    place,
    scope,
    (kept) => observer.tape?.(kept),
    (kept) => observer.tapeMeanwhile?.(kept),
  )
  const holdingStages = scope.hold('stages', stages, stages.releaseAll)
  const keys: Uint8Array[] = []
  const kit: Kit = { engine, terminal: keepKeys(recorded.stageTerminal, keys), scope: stages }
  const modes = terminal.inputIsTerminal ? readTerminalModes() : undefined
  if (modes) recorded.terminal({ moment: 'before', flags: modes.flags })
  let during: TerminalModes | undefined

  let shown = 0
  const showStages = (): void => {
    if (isBeingEnded()) return
    for (const report of findings.stages.slice(shown)) observer.stage?.(report)
    shown = findings.stages.length
  }
  let session: Session | undefined
  const before = async (stage: AnyStage, state: object): Promise<void> => {
    const isLast = stage === target
    const companion = companions[course.stages.indexOf(stage)]
    if (!session && (isLast || companion?.wayOut)) {
      showStages()
      observer.goesIn?.(printState(state))
    }
    // From the first live stage on the screen belongs to the session. What was is shown before
    // it, how to get out is said before it, and the rest is shown when the terminal is back.
    if (!session && companion?.wayOut) {
      await observer.session?.(companions[last - 1]?.wayOut?.(state, kit) ?? '')
      session = beginSession(scope, terminal)
    }
    const number = course.stages.indexOf(stage) + 1
    recorded.stageBegins({ ...stage, number }, printState(state))
  }

  try {
    for await (const step of walk(course, first, kit, { last, before })) {
      const report = reportOf(step, companions[step.number - 1], tape.take(), stages.live())
      findings.stages.push(report)
      recorded.stageEnded(report)
      if (!session) showStages()
      if (!during && stages.live().includes('raw mode')) {
        during = readTerminalModes()
        if (during) recorded.terminal({ moment: 'raw', flags: during.flags })
      }
      if (step.number === last) await companions[last - 1]?.linger?.(step.state, kit)
      findings.exitCode = (step.state as { exitCode?: number }).exitCode ?? null
      if (session) session.endedByItself = step.number === last
    }
    // What came while the last stage lingered, the whole session perhaps, belongs to it.
    const report = findings.stages.pop()
    if (report) findings.stages.push({ ...report, wire: [...report.wire, ...tape.take()] })
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    findings.failure = error
  } finally {
    findings.unfinished = tape.take()
    if (terminal.inputIsTerminal) findings.keys = keys
    await holdingStages.release()
    await session?.end()
    const after = modes && readTerminalModes()
    if (modes && after) {
      findings.terminal = { before: modes, after, ...(during && { during }) }
      recorded.terminal({ moment: 'after', flags: after.flags })
    }
    await recorded.finish(findings.exitCode, findings.failure)
    showStages()
  }
  return findings
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

function reportOf(
  step: Step,
  companion: AnyCompanion | undefined,
  wire: readonly WireEvent[],
  held: readonly string[],
): StageReport {
  const { number, stage, milliseconds } = step
  const { name, title, question } = stage
  return {
    ...{ number, name, title, question, wire, held, milliseconds },
    story: isDone(step.state) ? detachedStory : (companion?.summarize(step.state) ?? ''),
    before: printState(step.before),
    state: printState(step.state),
  }
}

const detachedStory =
  'The command was started in the background: there is no session, and the course ends here.'
