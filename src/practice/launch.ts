/**
 * From a command to a process: on a pseudo-terminal or on pipes.
 *
 * @module
 */

import type { ExecOptions } from './body.ts'
import { findCommand, type NotStarted } from './command.ts'
import { startOnPipes } from './pipes.ts'
import type { PracticeProcess, Stillborn } from './process.ts'
import { type PseudoTerminals, startOnTerminal } from './pseudo-terminal.ts'

/**
 * Starts the command of an exec.
 *
 * @param size - height and width of the window
 */
export async function launch(
  options: ExecOptions,
  size: readonly number[] | undefined,
  {
    home,
    folder,
    terminals,
  }: {
    readonly home: string
    readonly folder: string
    readonly terminals: PseudoTerminals | undefined
  },
): Promise<PracticeProcess | NotStarted> {
  const command = findCommand(options, home)
  if ('message' in command) return command
  const { AttachStdin: stdin, AttachStdout: stdout, AttachStderr: stderr, Tty } = options
  const started =
    Tty && terminals
      ? await startOnTerminal(command, size, terminals)
      : await startOnPipes(command, { stdin, stdout, stderr }, folder)
  return 'message' in started ? deadProcess(started, stderr) : started
}

/**
 * A process that was over before it ran its command. The runtime had started something already, so
 * for everybody else it is a process like any other: one that wrote a line to stderr and ended.
 */
function deadProcess({ exitCode, message }: Stillborn, stderr: boolean): PracticeProcess {
  return {
    pid: process.pid,
    read: (take) => {
      if (stderr) take(2, Buffer.from(message))
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
