/**
 * Makes pipes, as paths through which both of their ends can be opened. Node makes none by itself:
 * what it calls a pipe is a socket.
 *
 * @module
 */

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Pipes that somebody holds until they are open. */
export type MadePipes = {
  readonly paths: readonly string[]
  /** True for those in which a line stands that nobody wrote for us. */
  readonly haveLine: boolean
  /** Lets go of them. Those that are open live on. */
  readonly free: () => void
}

/**
 * Makes three pipes without a name. Where the system does not show them, they have names, and
 * then a program that opens its input once more, as `cat /dev/stdin` does, waits for a writer.
 *
 * @param folder - where pipes with names can be made
 */
export async function makePipes(folder: string): Promise<MadePipes> {
  return (process.platform === 'linux' && (await fromShell())) || fromFolder(folder)
}

/** A shell keeps a short text for a command in a pipe, and shows it in /proc as long as it lives. */
async function fromShell(): Promise<MadePipes | undefined> {
  const script = 'exec 3<<_ 4<<_ 5<<_\n\n_\n\n_\n\n_\necho; read answer'
  const shell = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'], env: {} })
  shell.on('error', () => {})
  shell.stdin.on('error', () => {})
  const free = (): void => void shell.kill('SIGKILL')
  await Promise.race([once(shell.stdout, 'data'), once(shell, 'close')])
  const paths = [3, 4, 5].map((handle) => `/proc/${shell.pid}/fd/${handle}`)
  if (paths.every(isPipe)) return { paths, haveLine: true, free }
  free()
  return undefined
}

function isPipe(path: string): boolean {
  try {
    return statSync(path).isFIFO()
  } catch {
    return false
  }
}

let count = 0

function fromFolder(folder: string): MadePipes {
  const paths = [1, 2, 3].map(() => {
    count += 1
    return join(folder, `pipe-${count}`)
  })
  const { error, status } = spawnSync('mkfifo', ['-m', '600', ...paths], { stdio: 'ignore' })
  if (status !== 0) throw error ?? new Error('mkfifo failed')
  const free = (): void => {
    for (const path of paths) rmSync(path)
  }
  return { paths, haveLine: false, free }
}
