/**
 * Judges the learner's work in a child process, and gets a verdict even if
 * that process hangs or exits.
 *
 * @module
 */

import { spawn } from 'node:child_process'
import type { Scope } from '../course/scope.ts'
import { killGroup } from '../practice/end-processes.ts'
import { nodeArguments } from '../process/node-arguments.ts'
import type { Verdict } from './judge.ts'
import { exitComplaint } from './rules.ts'

/** One file to judge. */
export type Job = {
  /** The exercise's name: `03-hijack`. */
  readonly exercise: string
  /** The absolute path of the learner's file. */
  readonly file: string
}

/** The daemon and the container to judge with. */
export type JudgingPlace = { readonly host: string; readonly container: string }

/** A message to the judging process: judge these files. */
export type Assignment = JudgingPlace & { readonly jobs: readonly Job[] }

/**
 * A message to the judging process: run an exercise's reference ahead of
 * time.
 */
export type ReferenceJob = JudgingPlace & { readonly rehearse: string }

/** A message from the judging process. */
export type JudgeMessage =
  /**
   * A step begins that may take this many milliseconds. With a title, it is a
   * trial.
   */
  | { readonly kind: 'begins'; readonly milliseconds: number; readonly title?: string }
  | { readonly kind: 'passed'; readonly title: string }
  /**
   * The learner's code printed something. Without a title, while the file was
   * loading.
   */
  | { readonly kind: 'printed'; readonly text: string; readonly title?: string }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }

/** Callbacks for the progress of a check. */
export type JudgingObserver = {
  /** Called when a trial begins and when it passes. */
  readonly trial?: (title: string, state: 'begins' | 'passed') => void
  /**
   * Called when the learner's code prints. The title is undefined while the
   * file is loading.
   */
  readonly printed?: (text: string, title: string | undefined) => void
}

/** How to start a judging process. */
export type JudgeProgram = {
  /** The path of the program that the child process runs. */
  readonly program: string
  /** The project folder. */
  readonly root: string
  /** Kills the process on release. */
  readonly scope: Pick<Scope, 'hold'>
}

/** A process that judges one assignment. */
export type Judge = {
  /**
   * Runs an exercise's reference ahead of time, which makes a later check
   * faster.
   */
  readonly prepare: (place: JudgingPlace, exercise: string) => void
  /**
   * Judges the jobs. Resolves when all are done, or when the process exits.
   */
  readonly judge: (assignment: Assignment, observer?: JudgingObserver) => Promise<Judged>
  /** Kills the process and everything it started. */
  readonly end: () => Promise<void>
}

/** The result of an assignment. */
type Judged = {
  readonly verdicts: readonly Verdict[]
  /** True if the process stopped reporting and was killed. */
  readonly silent: boolean
  /**
   * The trials that passed and the one that was running, for a job without a
   * verdict.
   */
  readonly unfinished: Pick<Verdict, 'passed' | 'failed'>
}

/**
 * How long we wait after a trial's time limit before we kill the process, in
 * milliseconds.
 */
const extraTime = 3000

/** The verdict on work whose process exited or hung before it gave one. */
export function verdictWithout(
  exercise: string,
  { silent, unfinished }: Pick<Judged, 'silent' | 'unfinished'>,
): Verdict {
  const complaint = silent
    ? 'your code blocked the process: it loops forever without an await'
    : exitComplaint()
  return { exercise, right: false, ...unfinished, complaint }
}

/** Starts a judging process, which waits for its assignment. */
export function startJudge({ program, root, scope }: JudgeProgram): Judge {
  const child = spawn(process.execPath, [...nodeArguments, '--', program], {
    cwd: root,
    stdio: ['ignore', 2, 2, 'ipc'],
    // In its own session it can't touch our terminal, and Ctrl-C reaches only
    // us.
    detached: process.platform !== 'win32',
  })
  // Without a pid it never started, and `error` is emitted instead.
  const killAll = (): void => {
    if (child.pid !== undefined) killGroup(child.pid)
  }
  let hasEnded = false
  const exited = new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => {
      // Processes that the learner's code started are in the same group and
      // may still run.
      killAll()
      hasEnded = true
      resolve()
    })
  })
  exited.catch(() => {})
  const end = async (): Promise<void> => {
    if (!hasEnded) killAll()
    await exited.catch(() => {})
  }
  scope.hold('judge', child, end)

  // Ignore errors from a process that has exited already: `close` reports
  // that.
  const send = (message: Assignment | ReferenceJob): void => void child.send(message, () => {})
  return {
    prepare: (place, exercise) => send({ ...place, rehearse: exercise }),
    async judge(assignment, observer = {}) {
      const verdicts: Verdict[] = []
      let passed: string[] = []
      let title: string | undefined
      let silent = false
      let silence: NodeJS.Timeout | undefined
      child.on('message', (message: JudgeMessage) => {
        switch (message.kind) {
          case 'begins':
            clearTimeout(silence)
            silence = setTimeout(() => {
              silent = true
              killAll()
            }, message.milliseconds + extraTime)
            title = message.title
            if (title !== undefined) observer.trial?.(title, 'begins')
            return
          case 'passed':
            passed.push(message.title)
            return observer.trial?.(message.title, 'passed')
          case 'printed':
            return observer.printed?.(message.text, message.title)
          case 'verdict':
            verdicts.push(message.verdict)
            passed = []
        }
      })
      send(assignment)
      await exited.finally(() => clearTimeout(silence))
      const unfinished = { passed, ...(title !== undefined && { failed: title }) }
      return { verdicts, silent, unfinished }
    },
    end,
  }
}
