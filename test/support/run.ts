/**
 * Runs a command without a terminal, and keeps every byte of it.
 *
 * @module
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { awaitText } from './wait.ts'

/** How a command ended, and what it wrote until then. */
export type Ran = {
  readonly stdout: Buffer
  readonly stderr: Buffer
  /** The exit code, or null where a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/**
 * Standard input: bytes and then its end; `ignore`, which is `/dev/null`; `open`, a pipe that has
 * nothing in it and never ends; or a file.
 */
export type Input = Uint8Array | string | 'ignore' | 'open' | { readonly file: string }

/** What may be said about a run. */
export type RunOptions = {
  /** Standard input. A string other than the two words is sent as UTF-8. */
  readonly stdin?: Input
  /** A descriptor for standard output or error instead of a pipe of ours; nothing of it is kept. */
  readonly stdout?: number
  readonly stderr?: number
  /** Variables to set, or with undefined to take away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
}

/** A command that is running. */
export type Running = {
  readonly pid: number
  /** Resolves when it has ended and both its streams have. */
  readonly ended: Promise<Ran>
  /** Waits until standard output has this in it, behind what an earlier call has found. */
  readonly waitFor: (wanted: string | RegExp) => Promise<void>
  /** Writes more to standard input, where that is `open`. */
  readonly write: (bytes: Uint8Array | string) => void
  /** Ends standard input, where that is `open`. */
  readonly endInput: () => void
  /** Sends a signal to the command and its children. */
  readonly signal: (signal: NodeJS.Signals) => void
  /** Ends it the hard way, if it still runs. */
  readonly stop: () => Promise<void>
}

/** A run that takes longer than this, in milliseconds, is stuck. */
const ceiling = 60_000

const live = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of live) signalGroup(child, 'SIGKILL')
})

/** Runs a command to its end. */
export function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ran> {
  return start(command, args, options).ended
}

/** Starts a command. */
export function start(command: string, args: readonly string[], options: RunOptions = {}): Running {
  const stdin = options.stdin ?? 'ignore'
  const file = typeof stdin === 'object' && 'file' in stdin ? openSync(stdin.file, 'r') : undefined
  const child = spawn(command, args, {
    stdio: [
      file ?? (stdin === 'ignore' ? 'ignore' : 'pipe'),
      options.stdout ?? 'pipe',
      options.stderr ?? 'pipe',
    ],
    env: environmentWith(options.env),
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    // A process group of its own, so that what a shell has started can be ended with it.
    detached: true,
  })
  if (file !== undefined) closeSync(file)
  live.add(child)

  // A command that ends without having read its input breaks our pipe. That is its right.
  child.stdin?.on('error', () => {})
  if (child.stdin && stdin !== 'open') child.stdin.end(stdin)

  const stdout = collect(child.stdout)
  const stderr = collect(child.stderr)
  const ended = waitForEnd(child, command, args, stdout, stderr)
  // Whoever only waits for a text must not die of an end that nobody asked about.
  ended.catch(() => {})

  let found = 0
  return {
    pid: child.pid ?? 0,
    ended,
    async waitFor(wanted) {
      const read = (): string => stdout.bytes().toString()
      found = await awaitText(wanted, found, read, stdout.onMore, ended)
    },
    write: (bytes) => void child.stdin?.write(bytes),
    endInput: () => void child.stdin?.end(),
    signal: (signal) => signalGroup(child, signal),
    async stop() {
      signalGroup(child, 'SIGKILL')
      await ended.catch(() => {})
    },
  }
}

/** This process's environment with changes: undefined takes a variable away. */
export function environmentWith(
  changes: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const all = Object.entries({ ...process.env, ...changes })
  return Object.fromEntries(
    all.filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

type Collected = {
  readonly bytes: () => Buffer
  /** Calls back on each new chunk. Returns what stops that. */
  readonly onMore: (listener: () => void) => () => void
}

function collect(stream: Readable | null): Collected {
  const chunks: Buffer[] = []
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return {
    bytes: () => Buffer.concat(chunks),
    onMore(listener) {
      stream?.on('data', listener)
      return () => stream?.off('data', listener)
    },
  }
}

function waitForEnd(
  child: ChildProcess,
  command: string,
  args: readonly string[],
  stdout: Collected,
  stderr: Collected,
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const stuck = setTimeout(() => {
      signalGroup(child, 'SIGKILL')
      reject(
        new Error(
          `${[command, ...args].join(' ')} did not end within ${ceiling / 1000} s.\n` +
            `stdout: ${stdout.bytes().subarray(0, 2000)}\nstderr: ${stderr.bytes().subarray(0, 2000)}`,
        ),
      )
    }, ceiling)
    const settle = (): void => {
      clearTimeout(stuck)
      live.delete(child)
    }
    child.once('error', (error) => {
      settle()
      reject(error)
    })
    child.once('close', (code, signal) => {
      settle()
      resolve({ stdout: stdout.bytes(), stderr: stderr.bytes(), code, signal })
    })
  })
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // It has ended by itself in the meantime.
  }
}
