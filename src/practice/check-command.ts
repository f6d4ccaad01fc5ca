/**
 * What is to be run, and whether it can be: the checks that a container's runtime makes before
 * there is a process, with its sentences and its exit codes.
 *
 * @module
 */

import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { codeOf } from '../process/failure.ts'
import type { Account } from './account.ts'
import type { ExecOptions } from './body.ts'

/** A command that can be started. */
export type Command = {
  /** The file to run. */
  readonly file: string
  /** What the process sees as its name, and what follows. */
  readonly argv: readonly string[]
  /** The whole environment, in its order. */
  readonly environment: readonly string[]
  readonly directory: string
  /** Who runs it, if it is somebody else than the learner. */
  readonly account: Account | undefined
}

/** A command that cannot be started. */
export type NotStarted = {
  /** 127 for what is not there, 126 for what cannot be executed, 128 for what makes no sense. */
  readonly exitCode: number
  /** The sentence that goes into the stream, where the output would be. */
  readonly message: string
}

const notDirectory =
  'not a directory: Are you trying to mount a directory onto a file (or vice-versa)? ' +
  'Check if the specified host path exists and is the expected type'

/** What every command finds in `PATH`, as in an image that says nothing about it. */
const standardPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * Looks for the command.
 *
 * @param home - the container's directory, which is `HOME` and where commands begin
 */
export function findCommand(
  options: ExecOptions,
  account: Account | undefined,
  home: string,
): Command | NotStarted {
  const [name = ''] = options.Cmd
  const environment = environmentOf(options, home)
  const directory = options.WorkingDir || home
  if (options.WorkingDir !== '' && !directory.startsWith('/')) {
    const message = 'OCI runtime exec failed: exec failed: Cwd must be an absolute path'
    return { exitCode: 128, message }
  }
  const kind = kindOf(directory)
  if (kind !== 'directory') {
    const reason = kind === 'nothing' ? 'no such file or directory' : notDirectory
    return refuse(127, `chdir to cwd ("${directory}") set in config.json failed: ${reason}`)
  }

  const quoted = `exec: ${JSON.stringify(name)}`
  const path = environment.findLast((entry) => entry.startsWith('PATH='))?.slice(5) ?? ''
  const file = name.includes('/')
    ? // A slash at the end is kept: it asks for a directory.
      isAbsolute(name)
      ? name
      : `${directory}/${name}`
    : path
        .split(':')
        .map((folder) => join(folder, name))
        .find((candidate) => name !== '' && kindOf(candidate) === 'executable')
  if (file === undefined) return refuse(127, `${quoted}: executable file not found in $PATH`)
  switch (kindOf(file)) {
    case 'nothing':
      return refuse(127, `${quoted}: stat ${name}: no such file or directory`)
    case 'below a file':
      return refuse(127, `${quoted}: stat ${name}: ${notDirectory}`)
    case 'directory':
    case 'file':
      return refuse(126, `${quoted}: permission denied`)
    case 'executable':
      return { file, argv: options.Cmd, environment, directory, account }
  }
}

function refuse(exitCode: number, reason: string): NotStarted {
  return {
    exitCode,
    message: `OCI runtime exec failed: exec failed: unable to start container process: ${reason}`,
  }
}

/**
 * A small environment, and nothing of the learner's own: what a container has, with the variables
 * of the request over it.
 */
function environmentOf({ Env, Tty }: ExecOptions, home: string): string[] {
  const entries = [`PATH=${standardPath}`, 'HOSTNAME=practice', ...(Tty ? ['TERM=xterm'] : [])]
  for (const entry of Env) {
    const [name = ''] = entry.split('=', 1)
    // A name without a value takes a variable away; a second value replaces the first one.
    const at = entries.findIndex((known) => known.startsWith(`${name}=`))
    if (!entry.includes('=')) {
      if (at >= 0) entries.splice(at, 1)
    } else if (at >= 0) entries[at] = entry
    else entries.push(entry)
  }
  return entries.some((entry) => entry.startsWith('HOME=')) ? entries : [...entries, `HOME=${home}`]
}

type Kind = 'nothing' | 'below a file' | 'directory' | 'file' | 'executable'

function kindOf(path: string): Kind {
  try {
    const stat = statSync(path)
    if (stat.isDirectory()) return 'directory'
    const isExecutable = process.platform === 'win32' || (stat.mode & 0o111) !== 0
    return isExecutable ? 'executable' : 'file'
  } catch (error) {
    return codeOf(error) === 'ENOTDIR' ? 'below a file' : 'nothing'
  }
}

/**
 * Why the system would not run a file that may be executed, as the name of an error. Node hands one
 * of an unknown format to a shell, and `env` has words of its own for a missing interpreter, where a
 * container's runtime says what is wrong.
 */
export function whyNotRunnable(file: string): 'ENOEXEC' | 'ENOENT' | 'EACCES' | undefined {
  const first = Buffer.alloc(256)
  let length: number
  try {
    const handle = openSync(file, 'r')
    length = readSync(handle, first, 0, first.length, 0)
    closeSync(handle)
  } catch {
    // It may be executed and not read.
    return undefined
  }
  const text = first.toString('latin1', 0, length)
  const [, interpreter] = /^#![ \t]*([^ \t\n\0]+)/.exec(text) ?? []
  if (interpreter !== undefined && process.platform !== 'win32') {
    const kind = kindOf(interpreter)
    if (kind === 'executable') return undefined
    return kind === 'file' || kind === 'directory' ? 'EACCES' : 'ENOENT'
  }
  const isScript = text.startsWith('#!')
  const isElf = text.slice(1, 4) === 'ELF'
  const isMachO = ['cffaedfe', 'cafebabe', 'cafebabf'].includes(first.toString('hex', 0, 4))
  const isWindows = text.startsWith('MZ')
  return isScript || isElf || isMachO || isWindows ? undefined : 'ENOEXEC'
}
