/**
 * Runs a command without a terminal: input, output and error are three pipes. What Node makes by
 * itself are sockets, and `echo >/dev/stderr`, which a command in a container may do, fails on a
 * socket.
 *
 * @module
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, closeSync, constants, openSync, readSync, rmSync, statSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { type Command, whyNotRunnable } from './check-command.ts'
import {
  exitOf,
  type NotRun,
  notRun,
  type OutputStream,
  type PracticeProcess,
  withCommandsMask,
} from './running-process.ts'

/** Which of the three streams somebody wants. The others lead nowhere. */
export type Attached = {
  readonly stdin: boolean
  readonly stdout: boolean
  readonly stderr: boolean
}

/** The two ends of a pipe: ours, and the one for the process, which we close once it has it. */
type Pipe = { readonly ours: Socket; readonly theirs: number }

/**
 * Starts a command.
 *
 * @param folder - where pipes can be made
 */
export async function startOnPipes(
  command: Command,
  attached: Attached,
  folder: string,
): Promise<PracticeProcess | NotRun> {
  const code = whyNotRunnable(command.file)
  if (code) return notRun(command.file, { code })
  const pipes =
    process.platform === 'win32' ? undefined : await openPipes(folder, attached, command)
  const stdio = (['stdin', 'stdout', 'stderr'] as const).map((name) =>
    attached[name] ? (pipes?.[name]?.theirs ?? 'pipe') : 'ignore',
  )
  let child: ChildProcess
  try {
    const [name = '', ...args] = command.argv
    child = withCommandsMask(() =>
      spawn(command.file, args, {
        argv0: name,
        cwd: command.directory,
        env: Object.fromEntries(command.environment.map(splitEntry)),
        stdio,
        // A session of its own, so that no signal of the learner's terminal reaches it.
        detached: true,
        ...command.account,
      }),
    )
    const exited = exitOf(child)
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', reject)
    })
    const ends = {
      stdin: pipes?.stdin?.ours ?? child.stdin,
      stdout: pipes?.stdout?.ours ?? child.stdout,
      stderr: pipes?.stderr?.ours ?? child.stderr,
    }
    return overStreams(child.pid ?? 0, exited, ends as Ends)
  } catch (error) {
    for (const pipe of Object.values(pipes ?? {})) pipe?.ours.destroy()
    return notRun(command.file, error)
  } finally {
    for (const pipe of Object.values(pipes ?? {})) if (pipe) closeSync(pipe.theirs)
  }
}

type Ends = { readonly stdin?: Duplex; readonly stdout?: Duplex; readonly stderr?: Duplex }

function overStreams(
  pid: number,
  exited: Promise<number>,
  { stdin, stdout, stderr }: Ends,
): PracticeProcess {
  const outputs: [OutputStream, Duplex][] = []
  if (stdout) outputs.push([1, stdout])
  if (stderr) outputs.push([2, stderr])
  // A process that does not read its input to the end breaks the pipe, and has the right to.
  for (const stream of [stdin, stdout, stderr]) stream?.on('error', () => stream.destroy())
  return {
    pid,
    exited,
    read(take) {
      for (const [number, stream] of outputs) {
        stream.on('data', (chunk: Buffer) => {
          if (!take(number, chunk)) for (const [, each] of outputs) each.pause()
        })
      }
    },
    resume() {
      for (const [, stream] of outputs) stream.resume()
    },
    write: (chunk) => !stdin || stdin.destroyed || stdin.write(chunk),
    drained: (call) => {
      stdin?.on('drain', call)
      stdin?.on('close', call)
    },
    endInput: () => stdin?.end(),
    resize() {},
    silent: Promise.all(
      outputs.map(([, stream]) => new Promise((resolve) => stream.once('close', resolve))),
    ).then(() => {}),
    release() {
      for (const stream of [stdin, stdout, stderr]) stream?.destroy()
    },
  }
}

/** Makes the pipes that are wanted. */
async function openPipes(
  folder: string,
  wanted: Attached,
  { account }: Command,
): Promise<Partial<Record<keyof Attached, Pipe>>> {
  const pipes: Partial<Record<keyof Attached, Pipe>> = {}
  const names = (['stdin', 'stdout', 'stderr'] as const).filter((name) => wanted[name])
  if (names.length === 0) return pipes
  const { paths, haveLine, free } = await makePipes(folder)
  try {
    for (const [at, name] of names.entries()) {
      const path = paths[at] ?? ''
      if (account) chownSync(path, account.uid, account.gid)
      // Reading first and without waiting for a writer; then neither side has to wait for the other.
      const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
      if (haveLine) readSync(reader, Buffer.alloc(1))
      if (name === 'stdin') {
        const writer = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
        const theirs = openSync(path, constants.O_RDONLY)
        closeSync(reader)
        pipes[name] = { ours: new Socket({ fd: writer, readable: false }), theirs }
      } else {
        const theirs = openSync(path, constants.O_WRONLY)
        pipes[name] = { ours: new Socket({ fd: reader, writable: false }), theirs }
      }
    }
  } finally {
    free()
  }
  return pipes
}

function splitEntry(entry: string): [string, string] {
  const equals = entry.indexOf('=')
  return [entry.slice(0, equals), entry.slice(equals + 1)]
}

/**
 * Pipes, as paths through which both of their ends can be opened. Node makes none by itself: what
 * it calls a pipe is a socket.
 */
type MadePipes = {
  readonly paths: readonly string[]
  /** True for pipes that hold one line feed already. */
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
async function makePipes(folder: string): Promise<MadePipes> {
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
