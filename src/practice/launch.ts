/**
 * From a command to a process: on a pseudo-terminal or on pipes.
 *
 * @module
 */

import type { Account } from './account.ts'
import type { ExecOptions } from './body.ts'
import { findCommand, type NotStarted } from './check-command.ts'
import { startOnPipes } from './pipes.ts'
import { type PseudoTerminals, startOnTerminal } from './pseudo-terminal.ts'
import { deadProcess, type PracticeProcess } from './running-process.ts'

/** Makes the process of an exec, or says why there is none. */
export type Launch = (
  options: ExecOptions,
  account: Account | undefined,
) => Promise<PracticeProcess | NotStarted>

/**
 * Makes a {@link Launch} that runs commands on this machine.
 *
 * @param home - the container's directory
 * @param folder - where pipes can be made
 */
export function launcher(
  home: string,
  folder: string,
  terminals: PseudoTerminals | undefined,
): Launch {
  return async (options, account) => {
    const command = findCommand(options, account, home)
    if ('message' in command) return command
    const { AttachStdin: stdin, AttachStdout: stdout, AttachStderr: stderr, Tty } = options
    const started =
      Tty && terminals
        ? await startOnTerminal(command, options.ConsoleSize, terminals)
        : await startOnPipes(command, { stdin, stdout, stderr }, folder)
    if (!('message' in started)) return started
    // The runtime had started something already, so for everyone else it is a process like any
    // other: one that wrote a line to stderr and ended.
    const { message, exitCode } = started
    if (Tty) return deadProcess(1, message.replace('\n', '\r\n'), exitCode)
    return deadProcess(2, stderr ? message : '', exitCode)
  }
}
