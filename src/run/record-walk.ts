/**
 * Records a walk: its stages, the terminal, the window and the signals. It
 * saves the tape however the walk ends.
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

/** How often the tape of a running walk is saved, in milliseconds. */
const keepingInterval = 500

/** The most key presses to store. */
const maxKeys = 1000

/** What to record. */
export type RecordedRun = {
  /** The number of the last stage, and the names of the stages up to it. */
  readonly last: number
  readonly stages: readonly string[]
  readonly terminal: Terminal
  /** Receives the complete tape, once. */
  readonly keepTape: (tape: Tape) => void
  /** Receives the tape so far, from time to time while it grows. */
  readonly keepTapeSoFar: (tape: Tape) => void
  /** Called after a key press was processed. */
  readonly keyPressed: () => void
}

/** A recording in progress. */
export type WalkRecording = {
  /** The terminal for the stages. */
  readonly terminal: Terminal
  /** The keys typed so far, one item per key press. */
  readonly keys: readonly Uint8Array[]
  /** Completes the tape with the end of the walk and saves it. */
  readonly finish: (exitCode: number | null, failure: Failure | undefined) => Promise<void>
}

/**
 * Starts recording.
 *
 * @param scope - holds the recorder, so a signal that ends the program does
 * not lose the tape
 */
export function recordWalk(
  { last, stages, terminal, keepTape: keep, keepTapeSoFar: keepMeanwhile, keyPressed }: RecordedRun,
  { engine, recorder }: Place,
  scope: Scope,
): WalkRecording {
  const facts = runFacts(engine, last, stages)
  recorder.begin()
  let hasChanged = true
  const unwatch = recorder.watch(() => {
    hasChanged = true
  })
  // A killed process cannot save anything, so the last saved tape remains.
  const timer = setInterval(() => {
    if (hasChanged) keepMeanwhile(recorder.tape(facts))
    hasChanged = false
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
  const noteEnd = (exitCode: number | null, failure?: string): void =>
    recorder.note({ kind: 'over', exitCode, ...(failure !== undefined && { failure }) })
  const held = scope.hold('tape', recorder, () => {
    clearInterval(timer)
    unwatch()
    ignoreSignals()
    ignoreWindow()
    noteEnd(null, 'the program was ended from outside')
    keep(recorder.tape(facts))
  })
  const keys: Uint8Array[] = []
  return {
    terminal: recordKeys(recorder.watchInput(terminal), keys, keyPressed),
    keys,
    async finish(exitCode, failure) {
      noteEnd(exitCode, failure?.message)
      await held.release()
    },
  }
}

/** Returns the facts about a run for the first line of its tape. */
export function runFacts(
  { product, version, apiVersion }: Engine,
  last: number,
  stages: readonly string[],
): RunFacts {
  return { chapter: last, stages, daemon: { product, version, apiVersion } }
}

/**
 * Notes signals before anything handles them. The run itself reacts to them.
 */
function watchSignals(note: (name: string) => void): () => void {
  const watchers = Object.keys(endSignals).map((name) => [name, () => note(name)] as const)
  for (const [name, handler] of watchers) process.prependListener(name as NodeJS.Signals, handler)
  return () => {
    for (const [name, handler] of watchers) process.off(name as NodeJS.Signals, handler)
  }
}

/**
 * Returns the same terminal, but stores the keys as they are read. Input from
 * a pipe or a file was not typed, so it is not stored.
 */
function recordKeys(terminal: Terminal, keys: Uint8Array[], keyPressed: () => void): Terminal {
  if (!terminal.inputIsTerminal) return terminal
  return {
    ...terminal,
    openInput() {
      const input = terminal.openInput()
      return {
        ...input,
        read: (take) =>
          input.read((chunk) => {
            if (keys.length < maxKeys) keys.push(Uint8Array.from(chunk))
            const wantsMore = take(chunk)
            keyPressed()
            return wantsMore
          }),
      }
    },
  }
}
