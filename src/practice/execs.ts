/**
 * The execs that the practice daemon knows: written down by a create, run by a start, looked at
 * by an inspect.
 *
 * @module
 */

import { randomBytes } from 'node:crypto'
import { defaultDetachKeys, parseDetachKeys } from '../terminal/detach-keys.ts'
import { type Account, findAccount } from './account.ts'
import type { ExecOptions } from './body.ts'
import { Refusal } from './response.ts'
import type { PracticeProcess } from './running-process.ts'

/** An exec. What changes on the way is filled in by the start. */
export type Exec = {
  /** 64 hex digits. */
  readonly id: string
  readonly options: ExecOptions
  /** Those of the create, or the usual ones. */
  readonly detachKeys: Uint8Array
  /** Who runs it, if it is not the learner. */
  readonly account: Account | undefined
  wasStarted: boolean
  running: boolean
  /** null until the process is over. */
  exitCode: number | null
  /** 0 as long as there is no process. */
  pid: number
  process: PracticeProcess | undefined
}

/**
 * Writes an exec down. Nothing runs yet, and whether the command exists is not asked yet either.
 *
 * @throws a {@link Refusal} for what can be told from the request alone
 */
export function createExec(options: ExecOptions): Exec {
  const account = findAccount(options.User)
  const text = options.DetachKeys || defaultDetachKeys
  const detachKeys = parseDetachKeys(text)
  if (!detachKeys) throw new Refusal(500, `Invalid escape keys (${text}) provided`)
  return {
    id: randomBytes(32).toString('hex'),
    options,
    detachKeys,
    account,
    wasStarted: false,
    running: false,
    exitCode: null,
    pid: 0,
    process: undefined,
  }
}

/** The answer to an inspect. */
export function describeExec(exec: Exec, containerId: string): object {
  const { Cmd, DetachKeys, Privileged, Tty, User } = exec.options
  const [entrypoint, ...args] = Cmd
  return {
    ID: exec.id,
    Running: exec.running,
    ExitCode: exec.exitCode,
    ProcessConfig: {
      tty: Tty,
      entrypoint,
      arguments: args,
      privileged: Privileged,
      ...(User !== '' && { user: User }),
    },
    OpenStdin: exec.options.AttachStdin,
    OpenStderr: exec.options.AttachStderr,
    OpenStdout: exec.options.AttachStdout,
    CanRemove: false,
    ContainerID: containerId,
    DetachKeys: DetachKeys === '' ? '' : Buffer.from(exec.detachKeys).toString('base64'),
    Pid: exec.pid,
  }
}
