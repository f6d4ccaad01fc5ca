/**
 * Ends what commands have left behind, however they hid: in sessions of their own, behind parents
 * that are gone.
 *
 * @module
 */

import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A process may make another one while we look, so it is looked again until none is there. */
const rounds = 5

/**
 * Kills every process of the container. They are known by its directory: it is in their
 * environment as `HOME`, and most of them work in it. No other process has a reason to name it.
 *
 * @param home - the container's directory
 */
export function endProcesses(home: string): void {
  for (let round = 0; round < rounds; round += 1) {
    const found = process.platform === 'linux' ? fromProc(home) : fromPs(home)
    if (found.length === 0) return
    for (const pid of found) kill(pid)
  }
}

/** Kills a process and all of its group. For one that is known to be there. */
export function killGroup(pid: number): void {
  kill(process.platform === 'win32' ? pid : -pid)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}

function fromProc(home: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        if (readlinkSync(`/proc/${name}/cwd`).startsWith(home)) return true
        return readFileSync(`/proc/${name}/environ`, 'latin1').includes(`HOME=${home}\0`)
      } catch {
        // Gone, or somebody else's.
        return false
      }
    })
    .map(Number)
    .filter((pid) => pid !== process.pid)
}

function fromPs(home: string): number[] {
  if (process.platform === 'win32') return []
  const { stdout } = spawnSync('ps', ['-AEww', '-o', 'pid=,command='], { encoding: 'utf8' })
  return (stdout ?? '')
    .split('\n')
    .filter((line) => line.includes(`HOME=${home} `) || line.endsWith(`HOME=${home}`))
    .map((line) => Number.parseInt(line, 10))
    .filter((pid) => pid > 0 && pid !== process.pid)
}
