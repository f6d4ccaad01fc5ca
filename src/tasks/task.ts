/**
 * Tasks for a live session: what to do, and how to recognise that it was
 * done.
 *
 * A task looks for evidence in the recorded events, so it finds the same
 * evidence in a tape that has the keys.
 *
 * @module
 */

import { basename } from 'node:path'
import type { TapeEvent } from '../tape/event.ts'
import type { Recorder } from '../tape/recorder.ts'

/** What has been recorded of a session so far. */
export type SessionRecord = {
  readonly events: readonly TapeEvent[]
  /**
   * The keys that were pressed, one chunk per read. Chapter 4 shows them
   * without sending any.
   */
  readonly keys: readonly Uint8Array[]
}

/** Something to try in a session. */
export type Task = {
  /** One to three words for the window title: `ls`, `make it smaller`. */
  readonly name: string
  /**
   * What to do, in one line without a full stop: `Type ls / and press Enter`.
   */
  readonly instruction: string
  /** The only kind of session it makes sense in. Without it, both. */
  readonly only?: 'with a tty' | 'without a tty'
  /** Whether it can be done in any command. If not, it needs a shell. */
  readonly inAnyCommand?: boolean
  /**
   * Looks for evidence that the task was done.
   *
   * @returns the evidence in a few words, such as `one byte, 03`, or
   * undefined if there isn't any yet
   */
  readonly find: (session: SessionRecord) => string | undefined
}

/** A task, and whether it was done. */
export type TaskResult = {
  readonly task: Task
  /** Undefined if the task has not been done. */
  readonly done?: {
    readonly evidence: string
    /** When it was recognised, in milliseconds since the start of the run. */
    readonly at: number
  }
}

/** The options of a session that decide which tasks can be done in it. */
export type AskedSession = {
  readonly command: readonly string[]
  readonly tty: boolean
  readonly interactive: boolean
}

/**
 * The tasks that can be done in a session. They need a user at a terminal.
 * Under a tty with NORAW none can be done, because the local terminal handles
 * the keys.
 */
export function tasksFor(
  tasks: readonly Task[],
  { command, tty, interactive }: AskedSession,
  { inputIsTerminal }: { readonly inputIsTerminal: boolean },
): Task[] {
  if (!interactive || !inputIsTerminal || (tty && process.env.NORAW)) return []
  const kind = tty ? 'with a tty' : 'without a tty'
  return tasks.filter(
    ({ only = kind, inAnyCommand }) => only === kind && (inAnyCommand || isShell(command)),
  )
}

const shells = ['sh', 'ash', 'bash', 'dash', 'fish', 'ksh', 'zsh']

/**
 * Whether a command is an interactive shell: `bash -l` is, `sh -c ls` isn't.
 */
export function isShell([program = '', ...args]: readonly string[]): boolean {
  const name = basename(program)
  if (name === 'busybox') return isShell(args)
  return shells.includes(name) && args.every((arg) => /^-(-.*|[^c]*)$/.test(arg))
}

/** Watches a session for finished tasks. */
export type TaskWatch = {
  /** Checks now. Otherwise the watch checks shortly after each event. */
  readonly look: () => void
  /** Checks a last time, stops watching, and returns all results. */
  readonly end: () => readonly TaskResult[]
}

/**
 * The delay after an event, in milliseconds. A burst of output causes only
 * one check.
 */
const lookDelay = 50

/**
 * Starts to watch a session.
 *
 * @param keys - grows as keys are pressed
 * @param onDone - called once per task, when it is done, with its result and
 * all results so far
 */
export function watchTasks(
  tasks: readonly Task[],
  { events, watch }: Pick<Recorder, 'events' | 'watch'>,
  keys: readonly Uint8Array[],
  onDone: (result: TaskResult, results: readonly TaskResult[]) => void,
): TaskWatch {
  const results: TaskResult[] = tasks.map((task) => ({ task }))
  const look = (): void => {
    const session = { events: events(), keys }
    for (const [index, { task, done }] of results.entries()) {
      if (done) continue
      const evidence = task.find(session)
      if (evidence === undefined) continue
      const result = { task, done: { evidence, at: session.events.at(-1)?.at ?? 0 } }
      results[index] = result
      onDone(result, results)
    }
  }
  let timer: NodeJS.Timeout | undefined
  const unwatch = watch(() => {
    if (timer || results.every(({ done }) => done)) return
    timer = setTimeout(() => {
      timer = undefined
      look()
    }, lookDelay)
  })
  return {
    look,
    end() {
      clearTimeout(timer)
      unwatch()
      look()
      return results
    },
  }
}
