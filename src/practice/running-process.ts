/**
 * The process of a command, on pipes or on a pseudo-terminal.
 *
 * @module
 */

import type { ChildProcess } from 'node:child_process'
import { constants } from 'node:os'

/**
 * A stream's number in a frame: 1 is stdout, 2 is stderr. A terminal has only
 * stdout.
 */
export type OutputStream = 1 | 2

/** A process that runs or has exited. */
export type PracticeProcess = {
  /** 0 if there is no process to kill. */
  readonly pid: number
  /**
   * Passes on the output in pieces. If `take` returns false, it pauses until
   * `resume`.
   */
  readonly read: (take: (stream: OutputStream, chunk: Uint8Array) => boolean) => void
  /** Resumes the output. */
  readonly resume: () => void
  /**
   * Writes to its input. If it returns false, wait for the `onDrain`
   * callback.
   */
  readonly write: (chunk: Uint8Array) => boolean
  /** Registers a callback that runs whenever its input has room again. */
  readonly onDrain: (call: () => void) => void
  /**
   * Closes its input. On a terminal this does nothing, because only Ctrl-D
   * means EOF there.
   */
  readonly endInput: () => void
  /**
   * Sets the window size, in characters. Without a terminal it does nothing.
   */
  readonly resize: (height: number, width: number) => void
  /** The exit code, or 128 plus the signal's number. */
  readonly exited: Promise<number>
  /** Resolves when no process can write to its output any longer. */
  readonly outputEnded: Promise<void>
  /** Closes our ends, even if another process still holds the other ends. */
  readonly release: () => void
}

/**
 * The message that replaces output if the system could not run a file, and
 * the exit code.
 */
export type RunFailure = { readonly exitCode: 1; readonly message: string }

/**
 * Starts a process with a container's umask. Other users may read files that
 * commands create, but not those of the daemon.
 */
export function withContainerUmask<T>(start: () => T): T {
  const ownMask = process.umask(0o022)
  try {
    return start()
  } finally {
    process.umask(ownMask)
  }
}

/** Waits for a process to exit, and returns its exit code. */
export function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0))
    })
  })
}

/** Returns the runtime's message about a file that could not be run. */
export function runFailure(file: string, error: unknown): RunFailure {
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'no such file or directory',
    E2BIG: 'argument list too long',
    EACCES: 'permission denied',
    EPERM: 'operation not permitted',
    ENOEXEC: 'exec format error',
    ERR_INVALID_ARG_VALUE: 'invalid argument',
  }
  const { code = '', message } = error as NodeJS.ErrnoException
  return { exitCode: 1, message: `exec ${file}: ${words[code] ?? message}\n` }
}

/** Returns a process that has written this output and exited. */
export function exitedProcess(
  stream: OutputStream,
  output: string | Uint8Array,
  exitCode = 0,
): PracticeProcess {
  return {
    pid: 0,
    read(take) {
      if (output.length > 0) take(stream, Buffer.from(output as string))
    },
    resume() {},
    write: () => true,
    onDrain() {},
    endInput() {},
    resize() {},
    exited: Promise.resolve(exitCode),
    outputEnded: Promise.resolve(),
    release() {},
  }
}
