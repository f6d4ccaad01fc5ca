/**
 * Puts a recorder beside a walk: it sees the stages, the terminal, the window and the signals, and
 * hands over its tape whichever way the walk ends.
 *
 * @module
 */

import type { Scope } from '../course/scope.ts'
import type { Engine } from '../engine/engine.ts'
import type { Place } from '../find/place.ts'
import { endSignals } from '../process/ending.ts'
import type { Failure } from '../process/failure.ts'
import type { Tape } from '../tape/event.ts'
import type { RunFacts } from '../tape/recorder.ts'
import type { Terminal } from '../terminal/terminal.ts'

/** How often the tape of a walk that goes on is kept, in milliseconds. */
const keepingInterval = 500

/** Key presses that are kept. Whoever types more has seen enough of them. */
const mostKeys = 1000

/** What is to be recorded. */
export type RecordedRun = {
  /** The number of the last stage, and the names of the stages up to it. */
  readonly last: number
  readonly stages: readonly string[]
  readonly terminal: Terminal
  /** Gets the tape, once. */
  readonly keep: (tape: Tape) => void
  /** Gets the tape so far, every now and then while there is news. */
  readonly keepMeanwhile: (tape: Tape) => void
  /** A key was pressed, and whoever reads the keys has taken it. */
  readonly keyPressed: () => void
}

/** A walk that is being recorded. */
export type WalkRecording = {
  /** The terminal for the stages. */
  readonly terminal: Terminal
  /** What was typed at it, key press by key press. */
  readonly keys: readonly Uint8Array[]
  /** Hands over the tape: the walk has ended in this way. */
  readonly finish: (exitCode: number | null, failure: Failure | undefined) => Promise<void>
}

/**
 * Begins to record.
 *
 * @param scope - holds the recorder, so that a signal that ends the program does not lose the tape
 */
export function recordWalk(
  { last, stages, terminal, keep, keepMeanwhile, keyPressed }: RecordedRun,
  { engine, recorder }: Place,
  scope: Scope,
): WalkRecording {
  const facts = runFacts(engine, last, stages)
  recorder.begin()
  let hasNews = true
  const unwatch = recorder.watch(() => {
    hasNews = true
  })
  // A program that is killed hands nothing over. What it leaves is the tape that was kept last.
  const timer = setInterval(() => {
    if (hasNews) keepMeanwhile(recorder.tape(facts))
    hasNews = false
  }, keepingInterval)
  timer.unref()
  const ignoreSignals = watchSignals((name) => recorder.note({ kind: 'signal', name }))
  const noteWindow = (): void => {
    const size = terminal.size()
    if (size) recorder.note({ kind: 'window', rows: size.rows, columns: size.columns })
  }
  noteWindow()
  const ignoreWindow = terminal.onResize(() => {
    recorder.note({ kind: 'signal', name: 'SIGWINCH' })
    noteWindow()
  })
  const over = (exitCode: number | null, failure?: string): void =>
    recorder.note({ kind: 'over', exitCode, ...(failure !== undefined && { failure }) })
  const held = scope.hold('tape', recorder, () => {
    clearInterval(timer)
    unwatch()
    ignoreSignals()
    ignoreWindow()
    over(null, 'the program was ended from outside')
    keep(recorder.tape(facts))
  })
  const keys: Uint8Array[] = []
  return {
    terminal: keepKeys(recorder.watchInput(terminal), keys, keyPressed),
    keys,
    async finish(exitCode, failure) {
      over(exitCode, failure?.message)
      await held.release()
    },
  }
}

/** What the first line of a tape says of a run up to this stage. */
export function runFacts(
  { product, version, apiVersion }: Engine,
  last: number,
  stages: readonly string[],
): RunFacts {
  return { chapter: last, stages, daemon: { product, version, apiVersion } }
}

/** The run answers the signals; here they are only seen, before anything is done. */
function watchSignals(note: (name: string) => void): () => void {
  const watchers = Object.keys(endSignals).map((name) => [name, () => note(name)] as const)
  for (const [name, see] of watchers) process.prependListener(name as NodeJS.Signals, see)
  return () => {
    for (const [name, see] of watchers) process.off(name as NodeJS.Signals, see)
  }
}

/**
 * The same terminal, whose keys are kept as they are read. What comes in a pipe or from a file was
 * not typed: it is left alone, and costs nothing.
 */
function keepKeys(terminal: Terminal, keys: Uint8Array[], keyPressed: () => void): Terminal {
  if (!terminal.inputIsTerminal) return terminal
  return {
    ...terminal,
    openInput() {
      const input = terminal.openInput()
      return {
        ...input,
        read: (take) =>
          input.read((chunk) => {
            if (keys.length < mostKeys) keys.push(Uint8Array.from(chunk))
            const wantsMore = take(chunk)
            keyPressed()
            return wantsMore
          }),
      }
    },
  }
}
