/**
 * Child processes of the matrix. They run in process groups of their own, so
 * that Ctrl-C reaches only the matrix, which then ends them.
 *
 * @module
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** What a command printed, and its exit code; null if a signal ended it. */
export type ChildResult = { readonly code: number | null; readonly output: string }

const live = new Set<ChildProcess>()
let isEnding = false

/** Runs a command and collects everything that it prints. */
export async function runChild(
  [command, ...args]: readonly [string, ...string[]],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<ChildResult> {
  if (isEnding) return { code: null, output: 'the matrix is ending' }
  const stdio = ['ignore', 'pipe', 'pipe'] as const
  const child = spawn(command, args, { ...options, stdio: [...stdio], detached: true })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  live.add(child)
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, output }
  } catch (error) {
    return { code: null, output: (error as Error).message }
  } finally {
    live.delete(child)
  }
}

/** Ends every command that still runs, waits for it, and starts no others. */
export async function endChildren(): Promise<void> {
  isEnding = true
  const ending = [...live].map(async (child) => {
    if (child.pid === undefined) return
    const closed = once(child, 'close')
    process.kill(-child.pid, 'SIGKILL')
    await closed
  })
  await Promise.allSettled(ending)
}
