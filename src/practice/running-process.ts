/**
 * A process that a command has become, on pipes or on a pseudo-terminal.
 *
 * @module
 */

import type { ChildProcess } from 'node:child_process'
import { constants } from 'node:os'

/** The number of a stream in a frame: 1 is stdout, 2 is stderr. A terminal has only the first. */
export type OutputStream = 1 | 2

/** One that is running, or has been. */
export type PracticeProcess = {
  /** 0 where there is none to be killed. */
  readonly pid: number
  /** Hands on the output, in pieces. A piece that is answered with false is the last one until `resume`. */
  readonly read: (take: (stream: OutputStream, chunk: Uint8Array) => boolean) => void
  /** Goes on handing out output. */
  readonly resume: () => void
  /** Writes to its input. False asks to wait until `drained` has called. */
  readonly write: (chunk: Uint8Array) => boolean
  /** Has a function called each time that its input has room again. */
  readonly drained: (call: () => void) => void
  /** Ends its input. A terminal has no such end: there the process goes on. */
  readonly endInput: () => void
  /** Sets the window size, in characters. Without a terminal nothing happens. */
  readonly resize: (height: number, width: number) => void
  /** The exit code, or 128 and the number of the signal. */
  readonly exited: Promise<number>
  /** Resolves when nobody can write to its output any more. */
  readonly silent: Promise<void>
  /** Closes what is open on our side, whoever still holds the other one. */
  readonly release: () => void
}

/** What is written in place of output when the system could not run a file, and the exit code. */
export type NotRun = { readonly exitCode: 1; readonly message: string }

/**
 * Has a process made. The files that a command makes may be read by others, as in a container;
 * those of the daemon may not.
 */
export function withCommandsMask<T>(make: () => T): T {
  const own = process.umask(0o022)
  try {
    return make()
  } finally {
    process.umask(own)
  }
}

/** Waits for the end of a process. */
export function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0))
    })
  })
}

/** What is wrong with a file that could not be run, in the runtime's words. */
export function notRun(file: string, error: unknown): NotRun {
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

/** A process that has written this and is over. */
export function deadProcess(
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
    drained() {},
    endInput() {},
    resize() {},
    exited: Promise.resolve(exitCode),
    silent: Promise.resolve(),
    release() {},
  }
}
