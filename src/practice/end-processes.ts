/**
 * Kills all processes that commands left running, including those in their
 * own sessions and those whose parents have exited.
 *
 * @module
 */

import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/**
 * A process may fork while we look, so we repeat the search until it finds
 * none.
 */
const maxRounds = 5

/**
 * Kills every process of the container. We recognize them by its directory,
 * which is their `HOME` and usually their working directory. No other process
 * uses it.
 *
 * @param home - the container's directory
 */
export function endProcesses(home: string): void {
  for (let round = 0; round < maxRounds; round += 1) {
    const found = process.platform === 'linux' ? findInProc(home) : findWithPs(home)
    if (found.length === 0) return
    for (const pid of found) kill(pid)
  }
}

/** Kills a process and its process group. The process must still exist. */
export function killGroup(pid: number): void {
  kill(process.platform === 'win32' ? pid : -pid)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has exited already.
  }
}

function findInProc(home: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        if (readlinkSync(`/proc/${name}/cwd`).startsWith(home)) return true
        return readFileSync(`/proc/${name}/environ`, 'latin1').includes(`HOME=${home}\0`)
      } catch {
        // It has exited, or belongs to another user.
        return false
      }
    })
    .map(Number)
    .filter((pid) => pid !== process.pid)
}

function findWithPs(home: string): number[] {
  if (process.platform === 'win32') return []
  const { stdout } = spawnSync('ps', ['-AEww', '-o', 'pid=,command='], { encoding: 'utf8' })
  return (stdout ?? '')
    .split('\n')
    .filter((line) => line.includes(`HOME=${home} `) || line.endsWith(`HOME=${home}`))
    .map((line) => Number.parseInt(line, 10))
    .filter((pid) => pid > 0 && pid !== process.pid)
}
