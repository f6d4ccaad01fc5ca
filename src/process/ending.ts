/**
 * How this process ends: on its own, or because of a signal, a closed pipe or
 * a lost terminal.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { isatty } from 'node:tty'
import { codeOf, Failure, systemErrorText, warn } from './failure.ts'

/**
 * The signals that end a program, and their numbers. The exit code is 128
 * plus the number.
 */
export const endSignals = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 } as const

/** Why the process is being ended from outside, and how. */
export type Ending = {
  /** The start of the message about it: `SIGTERM`, `npm has exited`. */
  readonly why: string
  /** The exit code of the process. */
  readonly exitCode: number
  /**
   * The signal to die of instead, as any other program would. Nothing is
   * printed then.
   */
  readonly signal?: 'SIGPIPE'
  /** The error that a bug of ours threw. */
  readonly defect?: unknown
}

/**
 * Releases and restores everything that is held, and prints a message about
 * it.
 */
type ReleaseEverything = (ending: Ending) => Promise<void>

/**
 * How long that may take, in milliseconds. A daemon that doesn't answer must
 * not keep you here.
 */
const releaseTimeout = 10_000

/** The standard streams that are terminals when we start. */
const terminals = [0, 1, 2].filter((fd) => isatty(fd))

/**
 * How long a reader has to take our last output once the process is ending,
 * in milliseconds.
 */
const flushTimeout = 1000

let isEnding = false
let releaseEverything: ReleaseEverything = async ({ why, signal, defect }) => {
  // A bug is reported with its stack.
  if (!signal && defect === undefined) warn(why)
}
let interrupt = (): boolean => false

/**
 * Registers what to release before the process ends from outside: through a
 * signal, a closed pipe, a terminal that hung up, or a bug of ours.
 */
export function onExit(all: ReleaseEverything): void {
  releaseEverything = all
  for (const [signal, number] of Object.entries(endSignals)) {
    // A second Ctrl-C has no effect while the first one is being handled.
    process.on(signal, () => {
      if (signal === 'SIGINT' && interrupt()) return
      endProcess({ why: signal, exitCode: 128 + number })
    })
  }
  process.on('uncaughtException', (defect) => {
    endProcess({ why: 'a bug in the workbook', exitCode: 1, defect })
  })
}

/**
 * Lets SIGINT end something smaller than the process.
 *
 * @param handle - returns whether it ended something; if not, the process
 * ends
 * @returns a function that removes the handler
 */
export function onInterrupt(handle: () => boolean): () => void {
  interrupt = handle
  return () => {
    interrupt = () => false
  }
}

/** Ends the process. Only the first call counts. */
export function endProcess(ending: Ending): void {
  if (isEnding) return
  isEnding = true
  setTimeout(() => {
    const seconds = releaseTimeout / 1000
    warn(`${ending.why}: stopped, but not everything could be restored in ${seconds} s`)
    void exitAfterFlush(ending)
  }, releaseTimeout)
  void releaseEverything(ending)
    .catch(() => {})
    .then(() => exitAfterFlush(ending))
}

/** Whether the process is being ended from outside. */
export function isProcessEnding(): boolean {
  return isEnding
}

/**
 * Waits for work. If the process is being ended meanwhile, it never resolves:
 * releasing resources breaks the work that used them, and those errors are
 * not worth reporting.
 */
export async function unlessProcessEnds<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } finally {
    if (isEnding) await new Promise<never>(() => {})
  }
}

async function exitAfterFlush({ exitCode, signal, defect }: Ending): Promise<void> {
  if (defect !== undefined) warn(`${(defect as Error)?.stack ?? defect}`)
  if (signal && process.platform !== 'win32') dieOf(signal)
  await Promise.race([flushOutput(), new Promise((resolve) => setTimeout(resolve, flushTimeout))])
  exit(exitCode)
}

/**
 * Resolves when everything that was printed has reached its reader. Node
 * writes to a pipe in the background, and `process.exit()` drops what is
 * still queued. A stream that breaks meanwhile emits its error first, so its
 * listener can end the process. If the reader left earlier, the last write
 * has already failed and its error arrives on the next turn of the event
 * loop.
 */
async function flushOutput(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.writableLength === 0) continue
    await new Promise<void>((resolve) => {
      stream.write('', () => setImmediate(resolve))
    })
  }
}

/**
 * Exits. Node restores a terminal's modes on exit, and crashes if that
 * terminal has hung up.
 */
function exit(exitCode: number): void {
  if (hasHungUp()) dieOf('SIGHUP')
  process.exit(exitCode)
}

/**
 * Dies of a signal. Removing its last listener restores the default action.
 */
function dieOf(signal: 'SIGPIPE' | 'SIGHUP'): void {
  // A menu gets raw mode from Node, which restores it on exit but not on a
  // signal.
  if (isatty(0) && process.stdin.isRaw) process.stdin.setRawMode(false)
  // Node ignores SIGPIPE. Adding and removing a listener undoes that.
  process.on(signal, () => {})
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}

/**
 * Ends the process when standard output or error breaks. A closed pipe ends
 * us silently, as it ends any program in `… | head -1`; a terminal that hung
 * up does so with SIGHUP's exit code. Other errors are left to the code that
 * wrote.
 */
export function endOnBrokenStream(error: Error): void {
  const why = error.message
  if (codeOf(error) === 'EPIPE') endProcess({ why, exitCode: 141, signal: 'SIGPIPE' })
  if (codeOf(error) === 'EIO') endProcess(hungUp)
}

/**
 * Watches the standard streams of a command that prints for people. A failed
 * write to standard output ends the command. A failed write to standard error
 * is lost: there is no place to report it.
 */
function watchStreams(): void {
  process.stdout.on('error', (error) => {
    endOnBrokenStream(error)
    endProcess({ why: `write /dev/stdout: ${systemErrorText(error)}`, exitCode: 1 })
  })
  process.stderr.on('error', endOnBrokenStream)
  if (!isatty(0)) return
  // After a hangup, reading the terminal fails or reports EOF. If the shell
  // does not pass on SIGHUP, this is the only notice that we get.
  process.stdin.on('error', endOnBrokenStream)
  process.stdin.on('end', () => {
    if (hasHungUp()) endProcess(hungUp)
  })
}

const hungUp: Ending = { why: 'the terminal was closed', exitCode: 129 }

/** Whether a stream that was a terminal when we started no longer is. */
function hasHungUp(): boolean {
  return terminals.some((fd) => !isatty(fd))
}

/** How often we check that npm is still running, in milliseconds. */
const checkInterval = 500

/**
 * Ends the process when npm has died. We get no notification, and the shell
 * that started npm starts to read the terminal while we still do. The only
 * sign is that our parent process changes.
 */
export function watchNpm(): void {
  if (!process.env.npm_lifecycle_event) return
  const before = ancestors()
  const timer = setInterval(() => {
    if (ancestors() === before) return
    clearInterval(timer)
    endProcess({ why: 'npm has exited', exitCode: 1 })
  }, checkInterval)
  timer.unref()
}

/**
 * Returns our parent's process ID, and the grandparent's if the parent is the
 * shell that npm uses to run scripts. Many shells exec the last command. A
 * shell that does not exec it outlives npm.
 */
export function ancestors(): string {
  const parent = process.ppid
  try {
    const [, name, rest = ''] =
      /\((.*)\) \S+ (\d+)/s.exec(readFileSync(`/proc/${parent}/stat`, 'utf8')) ?? []
    return /^(ba|da|k|z)?sh$/.test(name ?? '') ? `${parent} ${rest}` : `${parent}`
  } catch {
    // macOS has no /proc. It doesn't need one, because its shell execs the
    // command.
    return `${parent}`
  }
}

/**
 * Signals that docker's client ignores. They'd end Node, or open its debugger
 * port (SIGUSR1).
 */
const ignoredSignals = [
  ...(['SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGVTALRM', 'SIGPROF'] as const),
  ...(['SIGIO', 'SIGPWR', 'SIGXCPU', 'SIGXFSZ'] as const),
]

/** Ignores the signals that docker's client ignores. */
export function ignoreOtherSignals(): void {
  if (process.platform === 'win32') return
  for (const signal of ignoredSignals) process.on(signal, () => {})
}

/**
 * Ends the process when a command finishes: with its exit code, or with the
 * error message and its hint. All output is flushed first, however slow the
 * reader. Any error that isn't a {@link Failure} is a bug of ours, and is
 * printed with its stack.
 *
 * @param options - `likeDocker`: true for the stand-in for docker, which
 * prints no hint about the next step, and reports a failed write itself
 */
export function endWith(command: Promise<number>, { likeDocker = false } = {}): void {
  if (!likeDocker) watchStreams()
  const end = async (exitCode: number): Promise<void> => {
    await flushOutput()
    if (!isEnding) exit(exitCode)
  }
  void command.then(end, (error: unknown) => {
    if (!(error instanceof Failure)) throw error
    // Releasing resources breaks the run that used them. That is not why the
    // process ends.
    if (isEnding) return
    const hint = !likeDocker && error.hint ? `\n${error.hint}` : ''
    warn(error.message + hint)
    return end(error.exitCode)
  })
}
