/**
 * Puts a recorder beside a walk: it sees the wire, the terminal, the window and the signals, and
 * hands its tape over whichever way the walk ends.
 *
 * @module
 */

import type { Scope } from '../course/scope.ts'
import type { Place } from '../find/place.ts'
import { endSignals } from '../process/ending.ts'
import type { Failure } from '../process/failure.ts'
import type { RecordedTape } from '../tape/recorded.ts'
import { type Recording, startRecording } from '../tape/recording.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { Walk } from './walk-chapter.ts'

/** How often the tape of a walk that goes on is kept, in milliseconds. */
const meanwhile = 500

/** A walk that is being recorded. */
export type RecordedWalk = Recording & {
  /** The terminal for the stages. */
  readonly stageTerminal: Terminal
  /** Hands the tape over: the walk has ended in this way. */
  readonly finish: (exitCode: number | null, failure: Failure | undefined) => Promise<void>
}

/**
 * Begins to record.
 *
 * @param scope - holds the recorder, so that a signal that ends the program does not lose the tape
 * @param keep - gets the tape, once
 * @param keepMeanwhile - gets the tape as far as it is, every now and then while there is news
 */
export function recordWalk(
  { course, last, terminal }: Walk,
  { engine, tape }: Place,
  scope: Scope,
  keep: (tape: RecordedTape) => void,
  keepMeanwhile: (tape: RecordedTape) => void,
): RecordedWalk {
  const { product, version, apiVersion } = engine
  const stages = course.stages.slice(0, last).map(({ name }) => name)
  const daemon = { product, version, apiVersion }
  const recording = startRecording({ chapter: last, stages, daemon })

  let hasNews = true
  const unwatch = tape.watch((event) => {
    recording.wire(event)
    hasNews = true
  })
  // A program that is killed hands nothing over. What it leaves is the tape that was kept last.
  const timer = setInterval(() => {
    if (hasNews) keepMeanwhile(recording.tape())
    hasNews = false
  }, meanwhile)
  timer.unref()
  const ignoreSignals = watchSignals(recording.signal)
  const showWindow = (): void => {
    const size = terminal.size()
    if (size) recording.window(size)
  }
  showWindow()
  const ignoreWindow = terminal.onResize(() => {
    recording.signal('SIGWINCH')
    showWindow()
  })
  const held = scope.hold('tape', recording, () => {
    clearInterval(timer)
    unwatch()
    ignoreSignals()
    ignoreWindow()
    recording.over(null, 'the program was ended from outside')
    keep(recording.tape())
  })
  return {
    ...recording,
    stageTerminal: recording.watchInput(terminal),
    async finish(exitCode, failure) {
      recording.over(exitCode, failure?.message)
      await held.release()
    },
  }
}

/** Who answers them is the run's own business; here they are only seen, before anything is done. */
function watchSignals(note: (name: string) => void): () => void {
  const watchers = Object.keys(endSignals).map((name) => [name, () => note(name)] as const)
  for (const [name, see] of watchers) process.prependListener(name as NodeJS.Signals, see)
  return () => {
    for (const [name, see] of watchers) process.off(name as NodeJS.Signals, see)
  }
}
