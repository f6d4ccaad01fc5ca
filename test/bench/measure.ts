/**
 * Runs one process and measures it: CPU time, wall time, peak memory.
 *
 * Node does not report the resources of a child. On Linux, the kernel adds the
 * CPU time of each child that has ended to the parent's, so we read our own
 * before and after. Nothing else that we started may end in between.
 *
 * @module
 */

import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

/** What one run took. */
export type Sample = {
  /** CPU time of the process, user and system, in seconds. */
  readonly cpu: number
  /** In seconds. */
  readonly wall: number
  /** The largest resident memory, in MiB. */
  readonly peak: number
}

/** How to run it. */
export type RunOptions = {
  readonly stdio: StdioOptions
  readonly env: NodeJS.ProcessEnv
  /** Called once it has been started. */
  readonly onStart?: (child: ChildProcess) => void
  /** In milliseconds. */
  readonly timeout?: number
}

/** The kernel counts CPU time in hundredths of a second. */
const ticksPerSecond = 100

/** How often to look at the memory, in milliseconds. */
const interval = 20

/**
 * Runs a command to its end.
 *
 * @throws an Error if it exits with another code than 0, or not in time
 */
export async function measure(words: readonly string[], options: RunOptions): Promise<Sample> {
  const [command = '', ...args] = words
  const cpuBefore = cpuOfChildren()
  const began = performance.now()
  const child = spawn(command, args, { stdio: options.stdio, env: options.env })
  let ended = false
  const end = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(code === 0 ? '' : `exit ${code ?? signal}`))
  })
  const stuck = setTimeout(() => child.kill('SIGKILL'), options.timeout ?? 120_000)
  const peak = peakOf(child, () => ended)
  options.onStart?.(child)
  const problem = await end
  const wall = (performance.now() - began) / 1000
  ended = true
  clearTimeout(stuck)
  const cpu = cpuOfChildren() - cpuBefore
  if (problem) throw new Error(problem)
  return { cpu, wall, peak: await peak }
}

async function peakOf({ pid }: ChildProcess, hasEnded: () => boolean): Promise<number> {
  let peak = 0
  while (!hasEnded()) {
    peak = Math.max(peak, peakMemory(pid ?? 0))
    await wait(interval)
  }
  return peak
}

/** The largest memory of a running process so far, in MiB; 0 after its end. */
export function peakMemory(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    return Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

/** Fields 16 and 17 of `stat`; the name in field 2 may contain blanks. */
function cpuOfChildren(): number {
  const stat = readFileSync('/proc/self/stat', 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13]) + Number(fields[14])) / ticksPerSecond
}
