/**
 * Starts the process of a command, on a pseudo-terminal or on pipes.
 *
 * @module
 */

import type { Account } from './account.ts'
import type { ExecOptions } from './body.ts'
import { findCommand, type StartFailure } from './check-command.ts'
import { startOnPipes } from './pipes.ts'
import { type PseudoTerminals, startOnTerminal } from './pseudo-terminal.ts'
import { exitedProcess, type PracticeProcess } from './running-process.ts'

/** Starts the process of an exec, or says why it cannot run. */
export type Launch = (
  options: ExecOptions,
  account: Account | undefined,
) => Promise<PracticeProcess | StartFailure>

/**
 * Creates a {@link Launch} that runs commands on this machine.
 *
 * @param home - the container's directory
 * @param folder - the folder for pipes
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
    // The runtime had already started a process, so to clients it looks like
    // one that wrote a line to stderr and exited.
    const { message, exitCode } = started
    if (Tty) return exitedProcess(1, message.replace('\n', '\r\n'), exitCode)
    return exitedProcess(2, stderr ? message : '', exitCode)
  }
}
