/**
 * Looks at a process of a container from outside, in this machine's `/proc`.
 * That works only on the machine whose kernel runs the container.
 *
 * @module
 */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { inspectExec } from '../exec/exec.ts'
import type { ExecPlace } from '../exec/exec-place.ts'
import type { ExecRunner } from '../exec/session.ts'
import { codeOf, Failure } from '../process/failure.ts'

/** A process and its parent, with their process IDs on this machine. */
export type HostProcess = {
  readonly pid: number
  readonly parent: number
  /** The parent's program: `containerd-shim-runc-v2`. */
  readonly parentProgram: string
}

/** A shell that waits for input, and its process ID from the inspect. */
export type WaitingShell = { readonly output: string; readonly pid: number }

/**
 * Starts a shell that runs a script and then waits until the runner kills it.
 * The runner's marker is a word of its command line.
 */
export async function startWaitingShell(
  place: ExecPlace,
  runner: ExecRunner,
  script: string,
): Promise<WaitingShell> {
  const { id, text } = await runner.runUntilReady({
    command: ['sh', '-c', `${script}; echo ready; read -r end`, runner.marker],
    stdin: true,
  })
  // The output may come before the daemon has noted the process ID.
  const deadline = Date.now() + place.limit
  for (;;) {
    const { Pid } = await inspectExec(place, id)
    if (Pid > 0 || Date.now() > deadline) return { output: text(), pid: Pid }
    await wait(20)
  }
}

/**
 * Finds the process that an inspect names. Returns a sentence with the reason
 * if this machine can't see it.
 *
 * @param word - a word of its command line, which no other process has
 */
export function findHostProcess(pid: number, word: string): HostProcess | string {
  if (process.platform !== 'linux') {
    return 'This machine doesn’t run Linux, so the command runs in a virtual machine.'
  }
  if (!wordsOf(pid).includes(word)) {
    return `Process ${pid} of this machine is not the command: the daemon runs on another machine or in a virtual machine.`
  }
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const parent = Number(/^PPid:\s*(\d+)/m.exec(status)?.[1])
  return { pid, parent, parentProgram: basename(wordsOf(parent)[0] ?? '') }
}

/** The words of a command line. Empty if there is no such process. */
function wordsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return []
  }
}

/**
 * The namespaces of a process, by name: `{ mnt: '4026531832', … }`.
 *
 * @throws a {@link Failure} if you may not read them
 */
export function namespacesOf(pid: number | 'self'): Readonly<Record<string, string>> {
  const folder = `/proc/${pid}/ns`
  try {
    // The entries for children differ only in a process that is about to
    // create one in another namespace.
    const names = readdirSync(folder).filter((name) => !name.endsWith('_for_children'))
    return Object.fromEntries(
      names.map((name) => [name, /\d+/.exec(readlinkSync(`${folder}/${name}`))?.[0] ?? '']),
    )
  } catch (error) {
    if (codeOf(error) !== 'EACCES') throw error
    throw new Failure(
      `cannot read ${folder}: the process belongs to another user`,
      1,
      'Run the same command as root.',
    )
  }
}
