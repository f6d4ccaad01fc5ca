/**
 * The practice daemon's execs: a create adds one, a start runs it, an inspect
 * describes it.
 *
 * @module
 */

import { randomBytes } from 'node:crypto'
import { defaultDetachKeys, parseDetachKeys } from '../terminal/detach-keys.ts'
import { type Account, findAccount } from './account.ts'
import type { ExecOptions } from './body.ts'
import { Refusal } from './response.ts'
import type { PracticeProcess } from './running-process.ts'

/** An exec. A start fills in the fields that change. */
export type Exec = {
  /** 64 hex digits. */
  readonly id: string
  readonly options: ExecOptions
  /** From the create request, or the default keys. */
  readonly detachKeys: Uint8Array
  /** The user that runs it, if that is not the learner. */
  readonly account: Account | undefined
  wasStarted: boolean
  running: boolean
  /** null until the process has exited. */
  exitCode: number | null
  /** 0 until the process exists. */
  pid: number
  process: PracticeProcess | undefined
}

/**
 * Creates an exec. Nothing runs yet, and nothing checks yet whether the
 * command exists.
 *
 * @throws a {@link Refusal} if the request itself is invalid
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

/** How many execs are kept, and how many characters of their commands. */
const kept = { execs: 1000, characters: 8 * 1024 * 1024 }

/**
 * Adds an exec. As Docker forgets an exec some minutes after its end, this
 * forgets the oldest ones that do not run, so that no client can fill the
 * memory.
 */
export function keepExec(execs: Map<string, Exec>, added: Exec): void {
  execs.set(added.id, added)
  let characters = [...execs.values()].reduce((sum, exec) => sum + lengthOf(exec), 0)
  for (const exec of execs.values()) {
    if (execs.size <= kept.execs && characters <= kept.characters) return
    if (exec.running || exec === added) continue
    execs.delete(exec.id)
    characters -= lengthOf(exec)
  }
}

function lengthOf({ options: { Cmd, Env } }: Exec): number {
  return [...Cmd, ...Env].reduce((sum, word) => sum + word.length + 1, 0)
}

/** Returns the answer to an inspect. */
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
