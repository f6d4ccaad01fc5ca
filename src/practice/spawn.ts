/**
 * Starts and stops the practice daemon.
 *
 * @module
 */

import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { Failure } from '../process/failure.ts'
import { nodeArguments } from '../process/node-arguments.ts'
import { endProcesses } from './end-processes.ts'
import { parseFaults } from './faults.ts'
import type { Announcement } from './main.ts'

/**
 * How long the daemon may take to exit before it is killed, in milliseconds.
 */
const exitTimeout = 3000

/** Options for starting a practice daemon. */
export type PracticeDaemonOptions = {
  /** The path of `src/practice/main.ts`. */
  readonly program: string
  /** Its faults, by name: `split-header=3`. */
  readonly faults?: readonly string[]
  /**
   * Receives the lines of its log:
   * `INFO[0004] POST /v1.50/containers/practice/exec`.
   */
  readonly log?: (line: string) => void
}

/** A running practice daemon. */
export type PracticeDaemon = {
  /** Its address, for DOCKER_HOST. */
  readonly host: string
  /** Its only container. */
  readonly container: 'practice'
  /** False if only commands without a terminal work. */
  readonly hasTerminals: boolean
  /** Its process ID. */
  readonly pid: number
  /**
   * Resolves when it has exited, for any reason, and its processes and its
   * folder are gone.
   */
  readonly ended: Promise<void>
  /** Stops it, kills its processes and deletes its folder. */
  readonly close: () => Promise<void>
}

/**
 * Starts a practice daemon.
 *
 * @throws a {@link Failure} for an unknown fault, and if the daemon does not
 * start
 */
export async function startPracticeDaemon({
  program,
  faults = [],
  log,
}: PracticeDaemonOptions): Promise<PracticeDaemon> {
  parseFaults(faults)
  const child = spawn(process.execPath, [...nodeArguments, program, ...faults], {
    cwd: join(dirname(program), '..', '..'),
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C at the learner's terminal is for the session, not for the
    // daemon.
    detached: true,
  })
  let errorOutput = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errorOutput += chunk.toString()
  })
  child.stdin.on('error', () => {})
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))

  const announced = await new Promise<Extract<Announcement, { host: string }>>(
    (resolve, reject) => {
      const rejectWith = (reason: string): void =>
        reject(new Failure(`the practice daemon did not start: ${reason}`))
      child.once('error', (error) => rejectWith(error.message))
      child.once('exit', () => rejectWith(errorOutput.trim().split('\n').at(-1) || 'it exited'))
      createInterface({ input: child.stdout }).on('line', (line) => {
        const announcement = JSON.parse(line) as Announcement
        if ('host' in announcement) resolve(announcement)
        else log?.(announcement.log)
      })
    },
  )
  // A killed daemon leaves its processes running. We know its directory, so
  // we can kill them.
  const ended = exited.then(() => {
    endProcesses(announced.home)
    rmSync(announced.folder, { recursive: true, force: true })
  })
  return {
    host: announced.host,
    container: 'practice',
    hasTerminals: announced.hasTerminals,
    pid: child.pid ?? 0,
    ended,
    async close() {
      child.stdin.end()
      // A daemon that is stopped or hangs does not notice that its input has
      // closed.
      const killTimer = setTimeout(() => child.kill('SIGKILL'), exitTimeout)
      await ended
      clearTimeout(killTimer)
    },
  }
}
