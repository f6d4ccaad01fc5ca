/**
 * How this process ends: by itself, or when something outside ends it.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { isatty } from 'node:tty'
import { codeOf, Failure, systemErrorText } from './failure.ts'

/** The signals that end a program, with their numbers: the exit code is 128 plus the number. */
export const endSignals = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 } as const

/** What ends the process from outside. */
export type Ending = {
  /** The beginning of the sentence about it: `SIGTERM`, `npm has died`. */
  readonly why: string
  /** What the process ends with. */
  readonly exitCode: number
  /** What the process dies of instead, as any other program would. Nothing is said then. */
  readonly signal?: 'SIGPIPE'
  /** The defect of ours that it was. */
  readonly defect?: unknown
}

/** Gives back what is held, and says so. */
type ReleaseEverything = (ending: Ending) => Promise<void>

/** How long that may take, in milliseconds. A daemon that does not answer must not keep a person here. */
const releaseTimeout = 10_000

/** What is open on a terminal when we begin. */
const terminals = [0, 1, 2].filter((fd) => isatty(fd))

/** How long a reader has to take what was said last, once something outside ends us, in milliseconds. */
const flushTimeout = 1000

let isEnding = false
let releaseEverything: ReleaseEverything = async () => {}
let interrupt = (): boolean => false

/**
 * Has everything given back before the process ends, whatever outside ends it: a signal, a reader
 * that has gone, a terminal that has hung up, and a defect of ours.
 */
export function onExit(all: ReleaseEverything): void {
  releaseEverything = all
  for (const [signal, number] of Object.entries(endSignals)) {
    // A second Ctrl-C while the first one is at work changes nothing.
    process.on(signal, () => {
      if (signal === 'SIGINT' && interrupt()) return
      endProcess({ why: signal, exitCode: 128 + number })
    })
  }
  process.on('uncaughtException', (defect) => {
    endProcess({ why: 'a defect of the workbook', exitCode: 1, defect })
  })
}

/**
 * Gives SIGINT something smaller to end than the process.
 *
 * @param handle - says whether it has ended it; without it the process ends
 * @returns what takes that back
 */
export function onInterrupt(handle: () => boolean): () => void {
  interrupt = handle
  return () => {
    interrupt = () => false
  }
}

/** Ends the process. Only the first reason counts. */
export function endProcess(ending: Ending): void {
  if (isEnding) return
  isEnding = true
  setTimeout(() => {
    const seconds = releaseTimeout / 1000
    process.stderr.write(
      `${ending.why}: stopped, but not everything was given back in ${seconds} s\n`,
    )
    void exitAfterFlush(ending)
  }, releaseTimeout)
  void releaseEverything(ending)
    .catch(() => {})
    .then(() => exitAfterFlush(ending))
}

/** Whether something outside is ending the process. */
export function isProcessEnding(): boolean {
  return isEnding
}

/**
 * Waits for work; for ever, where something outside ends the process meanwhile. What is given back is
 * taken away from whoever was using it, and what comes of that is nothing to talk about.
 */
export async function unlessProcessEnds<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } finally {
    if (isEnding) await new Promise<never>(() => {})
  }
}

async function exitAfterFlush({ exitCode, signal, defect }: Ending): Promise<void> {
  if (defect !== undefined) process.stderr.write(`${(defect as Error)?.stack ?? defect}\n`)
  if (signal && process.platform !== 'win32') dieOf(signal)
  await Promise.race([flushOutput(), new Promise((resolve) => setTimeout(resolve, flushTimeout))])
  exit(exitCode)
}

/**
 * Resolves when everything that was printed has reached its reader. Node writes to a pipe in the
 * background, and `process.exit()` drops what is still waiting: a full pipe on Linux holds 64 KiB.
 * A stream that breaks meanwhile emits its error first, so its listener can end the process. Where the
 * reader has gone before, the last write has failed at once, and its error comes with the next turn.
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

/** Node gives a terminal its modes back as it exits, and crashes where that terminal has hung up. */
function exit(exitCode: number): void {
  if (hasHungUp()) dieOf('SIGHUP')
  process.exit(exitCode)
}

/** Dies of a signal. With the last listener for it the system's own reaction comes back. */
function dieOf(signal: 'SIGPIPE' | 'SIGHUP'): void {
  // A menu has raw mode from Node, which would give it back at an exit and does not here.
  if (isatty(0) && process.stdin.isRaw) process.stdin.setRawMode(false)
  // Node itself ignores SIGPIPE, and only a listener that comes and goes undoes that.
  process.on(signal, () => {})
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}

/**
 * Ends the process where standard output or error has broken: as a pipe whose reader has gone ends
 * any program, so that in `… | head -1` nothing is printed, or as a terminal that has hung up does.
 * Any other error is left to whoever wrote.
 */
export function endOfBrokenStream(error: Error): void {
  const why = error.message
  if (codeOf(error) === 'EPIPE') endProcess({ why, exitCode: 141, signal: 'SIGPIPE' })
  if (codeOf(error) === 'EIO') endProcess(hungUp)
}

/**
 * Watches the standard streams of a command that writes for a person: what cannot be written ends
 * it. What cannot be written to standard error is lost, and there is nobody to tell.
 */
export function watchStreams(): void {
  process.stdout.on('error', (error) => {
    endOfBrokenStream(error)
    endProcess({ why: `write /dev/stdout: ${systemErrorText(error)}`, exitCode: 1 })
  })
  process.stderr.on('error', endOfBrokenStream)
  if (!isatty(0)) return
  // A terminal that has hung up answers a read with an error, or with the end of the input. That is
  // all that we are told where the shell, which is told first, does not pass the signal on.
  process.stdin.on('error', endOfBrokenStream)
  process.stdin.on('end', () => {
    if (hasHungUp()) endProcess(hungUp)
  })
}

const hungUp: Ending = { why: 'the terminal has gone', exitCode: 129 }

/** Whether what was a terminal when we began is one no more. */
function hasHungUp(): boolean {
  return terminals.some((fd) => !isatty(fd))
}

/** How often we look whether npm still runs, in milliseconds. */
const lookEvery = 500

/**
 * Ends the process when npm has died. Nothing tells us, and the shell that started npm reads the
 * terminal again, at the same time as we do. The one sign is that somebody has another parent.
 */
export function watchNpm(): void {
  if (!process.env.npm_lifecycle_event) return
  const before = ancestors()
  const timer = setInterval(() => {
    if (ancestors() === before) return
    clearInterval(timer)
    endProcess({ why: 'npm has died', exitCode: 1 })
  }, lookEvery)
  timer.unref()
}

/**
 * Our parent, and where that is the shell in which npm runs scripts, its parent. Many a shell becomes
 * the last command that it runs; one that does not stays between npm and us, and outlives npm.
 */
export function ancestors(): string {
  const parent = process.ppid
  try {
    const [, name, rest = ''] =
      /\((.*)\) \S+ (\d+)/s.exec(readFileSync(`/proc/${parent}/stat`, 'utf8')) ?? []
    return /^(ba|da|k|z)?sh$/.test(name ?? '') ? `${parent} ${rest}` : `${parent}`
  } catch {
    // There is no /proc on macOS, and none is needed: its shell becomes the command.
    return `${parent}`
  }
}

/** What docker's client ignores, and what would end Node, or with SIGUSR1 open a port for a debugger. */
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
 * Ends the process when a command is over: with its exit code, or with the sentence of what was wrong
 * and what to do next. Everything it printed is written first, however slowly the reader takes it.
 * Anything else that is thrown is a defect of ours, and is shown as one.
 *
 * @param options - `withHint`: false for a command that does not say what to do next
 */
export function endWith(command: Promise<number>, { withHint = true } = {}): void {
  const end = async (exitCode: number): Promise<void> => {
    await flushOutput()
    if (!isEnding) exit(exitCode)
  }
  void command.then(end, (error: unknown) => {
    if (!(error instanceof Failure)) throw error
    // What is given back breaks the run that was using it. That is not what ends it.
    if (isEnding) return
    const hint = withHint && error.hint ? `\n${error.hint}` : ''
    process.stderr.write(`${error.message}${hint}\n`)
    return end(error.exitCode)
  })
}
