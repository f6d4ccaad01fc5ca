/**
 * Has work judged in a process of its own, and gets a verdict whatever that process does: it may
 * hang, it may end itself.
 *
 * @module
 */

import { spawn } from 'node:child_process'
import type { Scope } from '../course/scope.ts'
import type { Verdict } from './judge.ts'

/** One piece of work to judge. */
export type Job = {
  /** The exercise's name: `03-hijack`. */
  readonly exercise: string
  /** Where the work stands, as an absolute path. */
  readonly file: string
}

/** What the judging process is asked. */
export type Assignment = {
  readonly host: string
  readonly container: string
  readonly jobs: readonly Job[]
}

/** What it tells: what it does now and how long that may take, or what came of a job. */
export type Notice =
  | { readonly kind: 'begins'; readonly milliseconds: number }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }

/** Between the end of a trial's time and the end of the process, in milliseconds. */
const grace = 3000

/**
 * Judges some work.
 *
 * @param program - the file that judges in the other process
 * @param root - the folder of the project
 * @param scope - holds the process
 * @returns a verdict on each job, in their order
 */
export async function judgeAll(
  assignment: Assignment,
  program: string,
  root: string,
  scope: Pick<Scope, 'hold'>,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  while (verdicts.length < assignment.jobs.length) {
    const jobs = assignment.jobs.slice(verdicts.length)
    const { brought, silent } = await judgeSome({ ...assignment, jobs }, program, root, scope)
    verdicts.push(...brought)
    const unfinished = assignment.jobs[verdicts.length]
    if (!unfinished) break
    const complaint = silent
      ? 'your code never gave control back: a loop that has no end, and no await in it'
      : 'your code ended the process: a stage returns a state or throws, and only the entry files exit'
    verdicts.push({ exercise: unfinished.exercise, right: false, passed: [], complaint })
  }
  return verdicts
}

/** Judges until all is done, or until the process ends or is ended. */
function judgeSome(
  assignment: Assignment,
  program: string,
  root: string,
  scope: Pick<Scope, 'hold'>,
): Promise<{ readonly brought: Verdict[]; readonly silent: boolean }> {
  // What the learner's code prints goes to stderr: stdout may belong to a JSON document.
  const child = spawn(process.execPath, ['-r', 'tsx/cjs', '--', program], {
    cwd: root,
    stdio: ['ignore', 2, 2, 'ipc'],
    // A session of its own: it cannot reach our terminal, and Ctrl-C there is for us to answer.
    detached: process.platform !== 'win32',
  })
  scope.hold('judge', child, () => child.kill('SIGKILL'))
  const brought: Verdict[] = []
  let silent = false
  let silence: NodeJS.Timeout | undefined
  const wait = (milliseconds: number): void => {
    clearTimeout(silence)
    silence = setTimeout(() => {
      silent = true
      child.kill('SIGKILL')
    }, milliseconds + grace)
  }
  child.on('message', (notice: Notice) => {
    if (notice.kind === 'verdict') brought.push(notice.verdict)
    else wait(notice.milliseconds)
  })
  // A process that has been ended already cannot be told anything. That it is over comes as `close`.
  child.send(assignment, () => {})
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => {
      clearTimeout(silence)
      resolve({ brought, silent })
    })
  })
}
