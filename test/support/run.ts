/**
 * Runs a command without a terminal, and collects its output.
 *
 * @module
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { awaitText } from './wait.ts'

/** The result of a command. */
export type RunResult = {
  readonly stdout: Buffer
  readonly stderr: Buffer
  /** The exit code, or null if a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/**
 * Standard input: bytes and then EOF; `ignore`, which is `/dev/null`; `open`,
 * an empty pipe that stays open; or a file.
 */
export type Input = Uint8Array | string | 'ignore' | 'open' | { readonly file: string }

/** Options for a run. */
export type RunOptions = {
  /**
   * Standard input. A string other than the two keywords is sent as UTF-8.
   */
  readonly stdin?: Input
  /**
   * A descriptor for standard output or error, instead of a pipe that
   * collects it.
   */
  readonly stdout?: number
  readonly stderr?: number
  /** Environment variables to set, or to unset if undefined. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
}

/** A running command. */
export type Running = {
  readonly pid: number
  /** Resolves when the command has exited and both its streams have ended. */
  readonly ended: Promise<RunResult>
  /**
   * Waits for a text in standard output, after the text that an earlier call
   * found.
   */
  readonly waitFor: (wanted: string | RegExp) => Promise<void>
  /** Writes to standard input, if that is `open`. */
  readonly write: (bytes: Uint8Array | string) => void
  /** Closes standard input, if that is `open`. */
  readonly endInput: () => void
  /** Sends a signal to the command and its children. */
  readonly signal: (signal: NodeJS.Signals) => void
  /** Kills the command if it is still running. */
  readonly stop: () => Promise<void>
}

/** The time limit for a run, in milliseconds. */
const timeout = 60_000

const live = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of live) signalGroup(child, 'SIGKILL')
})

/** Runs a command and waits until it exits. */
export function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
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
    // In its own process group, so a shell's children can be killed with it.
    detached: true,
  })
  if (file !== undefined) closeSync(file)
  live.add(child)

  // A command may exit without reading its input, which gives us EPIPE.
  child.stdin?.on('error', () => {})
  if (child.stdin && stdin !== 'open') child.stdin.end(stdin)

  const stdout = collect(child.stdout)
  const stderr = collect(child.stderr)
  const ended = waitForEnd(child, command, args, stdout, stderr)
  // A test that only waits for a text must not fail on an unhandled
  // rejection.
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

/**
 * Returns this process's environment with changes; undefined unsets a
 * variable.
 */
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
  /** Calls back on each new chunk. Returns a function that stops it. */
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
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const stuck = setTimeout(() => {
      signalGroup(child, 'SIGKILL')
      reject(
        new Error(
          `${[command, ...args].join(' ')} did not exit within ${timeout / 1000} s.\n` +
            `stdout: ${stdout.bytes().subarray(0, 2000)}\nstderr: ${stderr.bytes().subarray(0, 2000)}`,
        ),
      )
    }, timeout)
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
    // It has exited in the meantime.
  }
}
