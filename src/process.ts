/**
 * How this process ends: by itself, or when something outside ends it.
 *
 * @module
 */

import { codeOf, Failure } from './failure.ts'

/** The signals that end a program, with their numbers: the exit code is 128 plus the number. */
export const endSignals = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 } as const

/** One of them. */
export type EndSignal = keyof typeof endSignals

/**
 * Calls back on the first signal that would end the process, so that what is held can be given
 * back. The callback ends the process.
 */
export function onEndSignal(end: (signal: EndSignal) => Promise<void>): void {
  let ending = false
  for (const signal of Object.keys(endSignals) as EndSignal[]) {
    process.on(signal, () => {
      // A second Ctrl-C while the first one is at work changes nothing.
      if (!ending) void end(signal)
      ending = true
    })
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
 * Ends the process as a pipe whose reader has gone ends any program: by SIGPIPE, so that in
 * `… | head -1` nothing is printed. Node ignores the signal; a listener that comes and goes makes
 * the system's own reaction come back.
 */
export function dieOfBrokenPipe(error: Error): void {
  if (codeOf(error) !== 'EPIPE' || process.platform === 'win32') return
  const listener = (): void => {}
  process.on('SIGPIPE', listener)
  process.off('SIGPIPE', listener)
  process.kill(process.pid, 'SIGPIPE')
}

/**
 * Ends the process when a command is over: with its exit code, or with the sentence of what was wrong
 * and what to do next. Anything else that is thrown is a defect of ours, and is shown as one.
 */
export function endWith(command: Promise<number>): void {
  command.then(
    (exitCode) => process.exit(exitCode),
    (error: unknown) => {
      if (!(error instanceof Failure)) throw error
      const hint = error.hint ? `\n${error.hint}` : ''
      process.stderr.write(`${error.message}${hint}\n`, () => process.exit(error.exitCode))
    },
  )
}
