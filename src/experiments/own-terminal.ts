/**
 * A program in a pseudo-terminal of its own, with us as the person in front of it. The learner's
 * terminal is not touched, whatever the program does to the one that it has.
 *
 * @module
 */

import type { Scope } from '../course/scope.ts'
import { loadPseudoTerminals, startOnTerminal } from '../practice/pseudo-terminal.ts'
import type { PracticeProcess } from '../practice/running-process.ts'
import { Failure } from '../process/failure.ts'

/** The program, and what it has written so far. */
export type ProgramInTerminal = {
  /** What the program has written, and what the terminal has echoed. */
  readonly screen: () => string
  /** Presses keys: `a`, `\r` for Enter, `\x03` for Ctrl-C. */
  readonly type: (keys: string) => void
  /**
   * Waits until the screen satisfies this.
   *
   * @returns false if the program ended, or nothing came of it in time
   */
  readonly until: (satisfied: (screen: string) => boolean) => Promise<boolean>
  /** Resolves with the exit code, when the program is over and its output is all here. */
  readonly ended: Promise<number>
}

/** How to run it. */
export type TerminalOptions = {
  /** Holds the terminal and the program. */
  readonly scope: Scope
  /** Where it begins. */
  readonly directory: string
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** How long the program may run, in milliseconds, before it counts as stuck and is ended. */
  readonly limit: number
}

/**
 * Starts a program in a terminal of 24 rows and 80 columns.
 *
 * @param argv - the path of the program, and its arguments
 * @throws a {@link Failure} where there are no pseudo-terminals
 */
export async function openOwnTerminal(
  argv: readonly [string, ...string[]],
  { scope, directory, env, limit }: TerminalOptions,
): Promise<ProgramInTerminal> {
  const terminals = await loadPseudoTerminals()
  if (!terminals) {
    throw new Failure(
      'this experiment needs a pseudo-terminal of its own, and there is none on this system',
      1,
      'npm ci installs the optional package @lydell/node-pty for Linux and macOS; Windows has no pair of devices to open.',
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
      // The program leads a session, and ends with all that it has started there.
      process.kill(-started.pid, 'SIGKILL')
    } catch {
      // It is over already.
    }
  }
  scope.hold('a terminal of its own', started, end)
  const stuck = setTimeout(end, limit)

  const ended = Promise.all([started.exited, started.silent]).then(([exitCode]) => {
    clearTimeout(stuck)
    return exitCode
  })
  return {
    ...watchScreen(started, ended, limit),
    type: (keys) => void started.write(Buffer.from(keys)),
    ended,
  }
}

/** Keeps what the program writes, and waits for something in it. */
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
    for (const look of [...watchers]) look()
    return true
  })
  return {
    screen: () => screen,
    until: (satisfied) =>
      new Promise((resolve) => {
        const settle = (result: boolean): void => {
          clearTimeout(timer)
          watchers.delete(look)
          resolve(result)
        }
        const look = (): void => {
          if (satisfied(screen)) settle(true)
        }
        const timer = setTimeout(settle, limit, false)
        watchers.add(look)
        void ended.then(() => settle(satisfied(screen)))
        look()
      }),
  }
}
