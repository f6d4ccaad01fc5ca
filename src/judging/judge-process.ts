/**
 * Has work judged in a process of its own, and gets a verdict whatever that process does: it may
 * hang, it may end itself.
 *
 * @module
 */

import { spawn } from 'node:child_process'
import type { Scope } from '../course/scope.ts'
import { killGroup } from '../practice/end-processes.ts'
import type { Verdict } from './judge.ts'
import { exitComplaint } from './rules.ts'

/** One piece of work to judge. */
export type Job = {
  /** The exercise's name: `03-hijack`. */
  readonly exercise: string
  /** Where the work stands, as an absolute path. */
  readonly file: string
}

/** Where work is judged. */
export type JudgingPlace = { readonly host: string; readonly container: string }

/** What the judging process is asked: to judge. */
export type Assignment = JudgingPlace & { readonly jobs: readonly Job[] }

/** What it is asked earlier: to run an exercise's reference, so that a later job need not wait for it. */
export type ReferenceJob = JudgingPlace & { readonly rehearse: string }

/** What the judging process reports. */
export type JudgeMessage =
  /** The next step may take so long, in milliseconds. A trial begins, where there is a title. */
  | { readonly kind: 'begins'; readonly milliseconds: number; readonly title?: string }
  | { readonly kind: 'passed'; readonly title: string }
  /** The learner's code printed something, in this trial or while it was loaded. */
  | { readonly kind: 'printed'; readonly text: string; readonly title?: string }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }

/** Sees the trials go on. */
export type JudgingObserver = {
  /** A trial begins, or was passed. */
  readonly trial?: (title: string, state: 'begins' | 'passed') => void
  /** The learner's code printed something. There is no title while it was only loaded. */
  readonly printed?: (text: string, title: string | undefined) => void
}

/** What starts a judging process. */
export type JudgeProgram = {
  /** The file that judges in the other process. */
  readonly program: string
  /** The folder of the project. */
  readonly root: string
  /** Holds the process. */
  readonly scope: Pick<Scope, 'hold'>
}

/** A process that judges one assignment. */
export type Judge = {
  /** Runs an exercise's reference ahead, so that a later job need not wait for it. */
  readonly prepare: (place: JudgingPlace, exercise: string) => void
  /** Judges, until all is done, or until the process ends or is ended. */
  readonly judge: (assignment: Assignment, observer?: JudgingObserver) => Promise<Judged>
  /** Ends it, and everything that it started. */
  readonly end: () => Promise<void>
}

/** What came of an assignment. */
type Judged = {
  readonly verdicts: readonly Verdict[]
  /** Whether the process did not answer in time and was ended. */
  readonly silent: boolean
  /** How far the work came for which there is no verdict: the trials passed, and the one that ran. */
  readonly unfinished: Pick<Verdict, 'passed' | 'failed'>
}

/** Between the end of a trial's time and the end of the process, in milliseconds. */
const extraTime = 3000

/** The verdict on work whose process ended before it gave one. */
export function verdictWithout(
  exercise: string,
  { silent, unfinished }: Pick<Judged, 'silent' | 'unfinished'>,
): Verdict {
  const complaint = silent
    ? 'your code never gave control back: a loop that has no end, and no await in it'
    : exitComplaint()
  return { exercise, right: false, ...unfinished, complaint }
}

/** Starts a judging process, which then waits for its assignment. */
export function startJudge({ program, root, scope }: JudgeProgram): Judge {
  const child = spawn(process.execPath, ['-r', 'tsx/cjs', '--', program], {
    cwd: root,
    stdio: ['ignore', 2, 2, 'ipc'],
    // A session of its own: it cannot reach our terminal, and Ctrl-C there is for us to answer.
    detached: process.platform !== 'win32',
  })
  // Without a number it was never started, and comes as an error.
  const killAll = (): void => {
    if (child.pid !== undefined) killGroup(child.pid)
  }
  let hasEnded = false
  const exited = new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => {
      // What the learner's code started is in the same group, and may still run.
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

  // A process that has been ended already cannot be told anything. That it is over comes as `close`.
  const send = (message: Assignment | ReferenceJob): void => void child.send(message, () => {})
  return {
    prepare: (place, exercise) => send({ ...place, rehearse: exercise }),
    async judge(assignment, observer = {}) {
      const verdicts: Verdict[] = []
      let passed: string[] = []
      let title: string | undefined
      let silent = false
      let silence: NodeJS.Timeout | undefined
      child.on('message', (notice: JudgeMessage) => {
        switch (notice.kind) {
          case 'begins':
            clearTimeout(silence)
            silence = setTimeout(() => {
              silent = true
              killAll()
            }, notice.milliseconds + extraTime)
            title = notice.title
            if (title !== undefined) observer.trial?.(title, 'begins')
            return
          case 'passed':
            passed.push(notice.title)
            return observer.trial?.(notice.title, 'passed')
          case 'printed':
            return observer.printed?.(notice.text, notice.title)
          case 'verdict':
            verdicts.push(notice.verdict)
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
