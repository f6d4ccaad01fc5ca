/**
 * Starts the practice daemon and ends it.
 *
 * @module
 */

import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { Failure } from '../process/failure.ts'
import { endProcesses } from './end-processes.ts'
import { parseFaults } from './faults.ts'
import type { Announcement } from './main.ts'

/** How long it may take to end, in milliseconds, before it is ended the hard way. */
const startTimeout = 3000

/** What it takes. */
export type PracticeDaemonOptions = {
  /** The path of `src/practice/main.ts`. */
  readonly program: string
  /** What it is to do wrong, by name: `split-header=3`. */
  readonly faults?: readonly string[]
  /** Gets the lines of its log: `INFO[0004] POST /v1.50/containers/practice/exec`. */
  readonly log?: (line: string) => void
}

/** One that runs. */
export type PracticeDaemon = {
  /** Its address, for DOCKER_HOST. */
  readonly host: string
  /** The only container there is. */
  readonly container: 'practice'
  /** False where only commands without a terminal work. */
  readonly hasTerminals: boolean
  /** The id of its process. */
  readonly pid: number
  /** Resolves when it is over, whoever ended it, with its processes and its directory. */
  readonly ended: Promise<void>
  /** Ends it, its processes and its directory. */
  readonly close: () => Promise<void>
}

/**
 * Starts one.
 *
 * @throws a {@link Failure} for a fault that there is not, and if it does not come up
 */
export async function startPracticeDaemon({
  program,
  faults = [],
  log,
}: PracticeDaemonOptions): Promise<PracticeDaemon> {
  parseFaults(faults)
  const child = spawn(process.execPath, ['-r', 'tsx/cjs', program, ...faults], {
    // tsx is found from the project's own directory, wherever the learner is.
    cwd: join(dirname(program), '..', '..'),
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C at the learner's terminal is for the session, not for the daemon behind it.
    detached: true,
  })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString()
  })
  child.stdin.on('error', () => {})
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))

  const where = await new Promise<Extract<Announcement, { host: string }>>((resolve, reject) => {
    const failed = (reason: string): void =>
      reject(new Failure(`the practice daemon did not start: ${reason}`))
    child.once('error', (error) => failed(error.message))
    child.once('exit', () => failed(complaint.trim().split('\n').at(-1) ?? 'it ended'))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const told = JSON.parse(line) as Announcement
      if ('host' in told) resolve(told)
      else log?.(told.log)
    })
  })
  // Whoever kills the daemon ends none of its processes; we know its directory, and so do that.
  const ended = exited.then(() => {
    endProcesses(where.home)
    rmSync(where.folder, { recursive: true, force: true })
  })
  return {
    host: where.host,
    container: 'practice',
    hasTerminals: where.hasTerminals,
    pid: child.pid ?? 0,
    ended,
    async close() {
      child.stdin.end()
      // One that somebody has stopped, or that hangs, does not notice.
      const stuck = setTimeout(() => child.kill('SIGKILL'), startTimeout)
      await ended
      clearTimeout(stuck)
    },
  }
}
