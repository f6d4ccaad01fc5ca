/**
 * Tasks for a live session: what to do in it, and how the session itself shows that it was done.
 *
 * A task finds its evidence in what was recorded, so a tape with the keys on it tells the same as the
 * session did.
 *
 * @module
 */

import { basename } from 'node:path'
import type { TapeEvent } from '../tape/event.ts'
import type { Recorder } from '../tape/recorder.ts'

/** What was recorded of a session so far. */
export type SessionRecord = {
  readonly events: readonly TapeEvent[]
  /** The keys that were pressed, read by read. In chapter 4 they are shown, and never sent. */
  readonly keys: readonly Uint8Array[]
}

/** One thing to do in a session. */
export type Task = {
  /** `ls`, `make it smaller`: one to three words, for the window's title. */
  readonly name: string
  /** What to do, in one line without a full stop: `Type ls / and press Enter`. */
  readonly instruction: string
  /** A task that makes sense in one kind of session only. Without it, in both. */
  readonly only?: 'with a tty' | 'without a tty'
  /** True for what can be done in any command. Without it the task needs a shell. */
  readonly inAnyCommand?: boolean
  /**
   * Looks for the evidence that it was done.
   *
   * @returns the evidence in a few words, such as `one byte, 03`, or undefined until there is any
   */
  readonly find: (session: SessionRecord) => string | undefined
}

/** A task, and what became of it. */
export type TaskResult = {
  readonly task: Task
  /** Undefined for a task that was not done. */
  readonly done?: {
    readonly evidence: string
    /** When it was recognised, in milliseconds since the run began. */
    readonly at: number
  }
}

/** What a session is asked for: the parts that decide which tasks can be done in it. */
export type AskedSession = {
  readonly command: readonly string[]
  readonly tty: boolean
  readonly interactive: boolean
}

/**
 * The tasks that can be done in a session. They need a person who types, and none can be done with
 * NORAW in a session with a tty: our own terminal keeps the keys to itself then.
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

/** Whether a command is a shell that reads what is typed: `bash -l` is one, `sh -c ls` is not. */
export function isShell([program = '', ...args]: readonly string[]): boolean {
  const name = basename(program)
  if (name === 'busybox') return isShell(args)
  return shells.includes(name) && args.every((arg) => /^-(-.*|[^c]*)$/.test(arg))
}

/** What watches a session for tasks that are done. */
export type TaskWatch = {
  /** Looks now. Otherwise it looks a moment after each event. */
  readonly look: () => void
  /** Looks once more, and then no more. */
  readonly end: () => readonly TaskResult[]
}

/** How long after an event the watch looks, in milliseconds: a burst of output is looked at once. */
const lookDelay = 50

/**
 * Watches a session.
 *
 * @param keys - grows while keys are pressed
 * @param onDone - gets each result once, as soon as its task is done, with all results so far
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
    for (const [place, { task, done }] of results.entries()) {
      if (done) continue
      const evidence = task.find(session)
      if (evidence === undefined) continue
      const result = { task, done: { evidence, at: session.events.at(-1)?.at ?? 0 } }
      results[place] = result
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
