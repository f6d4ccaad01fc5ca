/**
 * Checks whether a command can run, as a container's runtime does before it
 * starts a process, with the runtime's messages and exit codes.
 *
 * @module
 */

import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { codeOf } from '../process/failure.ts'
import type { Account } from './account.ts'
import type { ExecOptions } from './body.ts'

/** A command that can run. */
export type Command = {
  /** The file to run. */
  readonly file: string
  /** The process's name and its arguments. */
  readonly argv: readonly string[]
  /** The complete environment, in order. */
  readonly environment: readonly string[]
  readonly directory: string
  /** The user that it runs as, if that is not the learner. */
  readonly account: Account | undefined
}

/** A command that cannot run. */
export type StartFailure = {
  /**
   * 127 if it does not exist, 126 if it cannot be executed, 128 if the
   * request is invalid.
   */
  readonly exitCode: number
  /** The message that the stream carries instead of output. */
  readonly message: string
}

const notDirectory =
  'not a directory: Are you trying to mount a directory onto a file (or vice-versa)? ' +
  'Check if the specified host path exists and is the expected type'

/** The default `PATH`, as in an image that does not set it. */
const standardPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * Finds the file to run.
 *
 * @param home - the container's directory: `HOME`, and the default working
 * directory
 */
export function findCommand(
  options: ExecOptions,
  account: Account | undefined,
  home: string,
): Command | StartFailure {
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
    ? // Keep a trailing slash, because it asks for a directory.
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

function refuse(exitCode: number, reason: string): StartFailure {
  return {
    exitCode,
    message: `OCI runtime exec failed: exec failed: unable to start container process: ${reason}`,
  }
}

/**
 * Returns the environment of a container, overridden by the request's
 * variables. The learner's own environment is not part of it.
 */
function environmentOf({ Env, Tty }: ExecOptions, home: string): string[] {
  const entries = [`PATH=${standardPath}`, 'HOSTNAME=practice', ...(Tty ? ['TERM=xterm'] : [])]
  for (const entry of Env) {
    const [name = ''] = entry.split('=', 1)
    // A name without a value removes a variable. A second value replaces the
    // first.
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
 * Returns why the system would not run an executable file, as an error code.
 * We check ourselves, because Node passes a file of unknown format to a
 * shell, and `env` words a missing interpreter differently than a container's
 * runtime.
 */
export function runErrorCode(file: string): 'ENOEXEC' | 'ENOENT' | 'EACCES' | undefined {
  const first = Buffer.alloc(256)
  let length: number
  try {
    const handle = openSync(file, 'r')
    length = readSync(handle, first, 0, first.length, 0)
    closeSync(handle)
  } catch {
    // The file may be executable but not readable.
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
