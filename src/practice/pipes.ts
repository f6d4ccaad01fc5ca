/**
 * Runs a command without a terminal, with three pipes for input, output and
 * errors. Node's own "pipes" are sockets, and `echo >/dev/stderr`, which
 * works in a container, fails on a socket.
 *
 * @module
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, closeSync, constants, openSync, readSync, rmSync, statSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { type Command, runErrorCode } from './check-command.ts'
import {
  exitOf,
  type OutputStream,
  type PracticeProcess,
  type RunFailure,
  runFailure,
  withContainerUmask,
} from './running-process.ts'

/** The streams that the client wants. The others are /dev/null. */
export type Attached = {
  readonly stdin: boolean
  readonly stdout: boolean
  readonly stderr: boolean
}

/**
 * The two ends of a pipe: ours, and the process's, which we close once the
 * process has it.
 */
type Pipe = { readonly ours: Socket; readonly theirs: number }

/**
 * Starts a command.
 *
 * @param folder - the folder for pipes
 */
export async function startOnPipes(
  command: Command,
  attached: Attached,
  folder: string,
): Promise<PracticeProcess | RunFailure> {
  const code = runErrorCode(command.file)
  if (code) return runFailure(command.file, { code })
  const pipes =
    process.platform === 'win32' ? undefined : await openPipes(folder, attached, command)
  const stdio = (['stdin', 'stdout', 'stderr'] as const).map((name) =>
    attached[name] ? (pipes?.[name]?.theirs ?? 'pipe') : 'ignore',
  )
  let child: ChildProcess
  try {
    const [name = '', ...args] = command.argv
    child = withContainerUmask(() =>
      spawn(command.file, args, {
        argv0: name,
        cwd: command.directory,
        env: Object.fromEntries(command.environment.map(splitEntry)),
        stdio,
        // Its own session, so no signal from the learner's terminal reaches
        // it.
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
    return processOnStreams(child.pid ?? 0, exited, ends as Ends)
  } catch (error) {
    for (const pipe of Object.values(pipes ?? {})) pipe?.ours.destroy()
    return runFailure(command.file, error)
  } finally {
    for (const pipe of Object.values(pipes ?? {})) if (pipe) closeSync(pipe.theirs)
  }
}

type Ends = { readonly stdin?: Duplex; readonly stdout?: Duplex; readonly stderr?: Duplex }

function processOnStreams(
  pid: number,
  exited: Promise<number>,
  { stdin, stdout, stderr }: Ends,
): PracticeProcess {
  const outputs: [OutputStream, Duplex][] = []
  if (stdout) outputs.push([1, stdout])
  if (stderr) outputs.push([2, stderr])
  // A process may exit without reading all its input. That breaks the pipe,
  // and is not an error.
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
    onDrain: (call) => {
      stdin?.on('drain', call)
      stdin?.on('close', call)
    },
    endInput: () => stdin?.end(),
    resize() {},
    outputEnded: Promise.all(
      outputs.map(([, stream]) => new Promise((resolve) => stream.once('close', resolve))),
    ).then(() => {}),
    release() {
      for (const stream of [stdin, stdout, stderr]) stream?.destroy()
    },
  }
}

/** Opens the pipes for the attached streams. */
async function openPipes(
  folder: string,
  attached: Attached,
  { account }: Command,
): Promise<Partial<Record<keyof Attached, Pipe>>> {
  const pipes: Partial<Record<keyof Attached, Pipe>> = {}
  const names = (['stdin', 'stdout', 'stderr'] as const).filter((name) => attached[name])
  if (names.length === 0) return pipes
  const { paths, containLine: haveLine, release: free } = await createPipes(folder)
  try {
    for (const [at, name] of names.entries()) {
      const path = paths[at] ?? ''
      if (account) chownSync(path, account.uid, account.gid)
      // Open for reading first, without waiting for a writer. Then neither
      // open blocks.
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
 * Pipes, as paths that can be opened for either end. Node can't create real
 * pipes: its own are sockets.
 */
type CreatedPipes = {
  readonly paths: readonly string[]
  /** Whether each pipe already contains one line feed. */
  readonly containLine: boolean
  /** Releases the pipes. Ends that are open stay open. */
  readonly release: () => void
}

/**
 * Creates three pipes without names if the system shows them in /proc, or
 * else named pipes. With named pipes, a program that opens its input again,
 * as `cat /dev/stdin` does, blocks until there is a writer.
 *
 * @param folder - the folder for named pipes
 */
async function createPipes(folder: string): Promise<CreatedPipes> {
  return (process.platform === 'linux' && (await fromShell())) || fromFolder(folder)
}

/**
 * Creates pipes through a shell: it keeps a short here-document in a pipe,
 * which /proc shows.
 */
async function fromShell(): Promise<CreatedPipes | undefined> {
  const script = 'exec 3<<_ 4<<_ 5<<_\n\n_\n\n_\n\n_\necho; read answer'
  const shell = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'], env: {} })
  shell.on('error', () => {})
  shell.stdin.on('error', () => {})
  const free = (): void => void shell.kill('SIGKILL')
  await Promise.race([once(shell.stdout, 'data'), once(shell, 'close')])
  const paths = [3, 4, 5].map((handle) => `/proc/${shell.pid}/fd/${handle}`)
  if (paths.every(isPipe)) return { paths, containLine: true, release: free }
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

function fromFolder(folder: string): CreatedPipes {
  const paths = [1, 2, 3].map(() => {
    count += 1
    return join(folder, `pipe-${count}`)
  })
  const { error, status } = spawnSync('mkfifo', ['-m', '600', ...paths], { stdio: 'ignore' })
  if (status !== 0) throw error ?? new Error('mkfifo failed')
  const free = (): void => {
    for (const path of paths) rmSync(path)
  }
  return { paths, containLine: false, release: free }
}
