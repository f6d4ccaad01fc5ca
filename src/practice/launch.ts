/**
 * From a command to a process: on a pseudo-terminal or on pipes.
 *
 * @module
 */

import type { ExecOptions } from './body.ts'
import { findCommand, type NotStarted } from './command.ts'
import type { OutputStream, PracticeProcess, Stillborn } from './exec-process.ts'
import { startOnPipes } from './pipes.ts'
import { type PseudoTerminals, startOnTerminal } from './pseudo-terminal.ts'

/** Starts the command of an exec. */
export async function launch(
  options: ExecOptions,
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
      ? await startOnTerminal(command, options.ConsoleSize, terminals)
      : await startOnPipes(command, { stdin, stdout, stderr }, folder)
  if (!('message' in started)) return started
  return Tty ? deadProcess(started, 1) : deadProcess(started, stderr ? 2 : undefined)
}

/**
 * A process that was over before it ran its command. The runtime had started something already, so
 * for everybody else it is a process like any other: one that wrote a line to stderr and ended.
 */
function deadProcess(
  { exitCode, message }: Stillborn,
  stream: OutputStream | undefined,
): PracticeProcess {
  return {
    pid: process.pid,
    read: (take) => {
      // A terminal makes two characters of a line feed.
      const text = stream === 1 ? message.replace('\n', '\r\n') : message
      if (stream) take(stream, Buffer.from(text))
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
