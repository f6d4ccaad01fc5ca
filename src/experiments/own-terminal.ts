/**
 * Runs a program in its own pseudo-terminal and plays its user. Whatever the
 * program does to that terminal, the learner's isn't affected.
 *
 * @module
 */

import type { Scope } from '../course/scope.ts'
import { loadPseudoTerminals, startOnTerminal } from '../practice/pseudo-terminal.ts'
import type { PracticeProcess } from '../practice/running-process.ts'
import { Failure } from '../process/failure.ts'

/** A program running in its own terminal. */
export type ProgramInTerminal = {
  /** Returns all output so far, including the terminal's echo. */
  readonly screen: () => string
  /** Presses keys: `a`, `\r` for Enter, `\x03` for Ctrl-C. */
  readonly type: (keys: string) => void
  /**
   * Waits until the output satisfies a condition.
   *
   * @returns false if the program exits or the time limit passes first
   */
  readonly until: (satisfied: (screen: string) => boolean) => Promise<boolean>
  /**
   * Resolves with the exit code when the program has exited and its output is
   * complete.
   */
  readonly ended: Promise<number>
}

/** How to run the program. */
export type TerminalOptions = {
  /** Closes the terminal and kills the program on release. */
  readonly scope: Scope
  /** The program's working directory. */
  readonly directory: string
  /** Environment variables in addition to those of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** How long the program may run before it is killed, in milliseconds. */
  readonly limit: number
}

/**
 * Starts a program in a terminal of 24 rows and 80 columns.
 *
 * @param argv - the path of the program, and its arguments
 * @throws a {@link Failure} if pseudo-terminals are not available
 */
export async function openOwnTerminal(
  argv: readonly [string, ...string[]],
  { scope, directory, env, limit }: TerminalOptions,
): Promise<ProgramInTerminal> {
  const terminals = await loadPseudoTerminals()
  if (!terminals) {
    throw new Failure(
      'cannot run this experiment: it needs a pseudo-terminal, and none is available here',
      1,
      'On Linux and macOS, npm ci installs the optional package @lydell/node-pty. Windows has no pseudo-terminal devices.',
    )
  }
  const [file] = argv
  const environment = Object.entries({ ...process.env, ...env }).map(
    ([name, value]) => `${name}=${value ?? ''}`,
  )
  const command = { file, argv, environment, directory, account: undefined }
  const started = await startOnTerminal(command, [24, 80], terminals)
  if ('message' in started) throw new Failure(started.message.trim())
  const end = (): void => {
    started.release()
    try {
      // The program is a session leader, so this kills its whole process
      // group.
      process.kill(-started.pid, 'SIGKILL')
    } catch {
      // It has exited already.
    }
  }
  scope.hold('own terminal', started, end)
  const stuck = setTimeout(end, limit)

  const ended = Promise.all([started.exited, started.outputEnded]).then(([exitCode]) => {
    clearTimeout(stuck)
    return exitCode
  })
  return {
    ...watchScreen(started, ended, limit),
    type: (keys) => void started.write(Buffer.from(keys)),
    ended,
  }
}

/** Collects the program's output, and waits for conditions on it. */
function watchScreen(
  { read }: Pick<PracticeProcess, 'read'>,
  ended: Promise<number>,
  limit: number,
): Pick<ProgramInTerminal, 'screen' | 'until'> {
  let screen = ''
  const watchers = new Set<() => void>()
  const decoder = new TextDecoder()
  read((_, chunk) => {
    screen += decoder.decode(chunk, { stream: true })
    for (const check of [...watchers]) check()
    return true
  })
  return {
    screen: () => screen,
    until: (satisfied) =>
      new Promise((resolve) => {
        const settle = (result: boolean): void => {
          clearTimeout(timer)
          watchers.delete(check)
          resolve(result)
        }
        const check = (): void => {
          if (satisfied(screen)) settle(true)
        }
        const timer = setTimeout(settle, limit, false)
        watchers.add(check)
        void ended.then(() => settle(satisfied(screen)))
        check()
      }),
  }
}
