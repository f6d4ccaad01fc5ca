/**
 * The scripts of package.json, run directly without npm.
 *
 * @module
 */

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The project folder. */
export const root = join(import.meta.dirname, '..', '..')

/**
 * Returns the command line that runs a command as an unprivileged user. Root
 * can open any file, so root becomes the user `nobody`.
 */
export function asOrdinaryUser(words: readonly string[]): [string, ...string[]] {
  const [command = '', ...args] = words
  if (process.getuid?.() !== 0) return [command, ...args]
  const ids = ['--reuid=65534', '--regid=65534', '--clear-groups']
  return ['setpriv', ...ids, command, ...args]
}

/**
 * Returns the command line that runs a script of package.json with these
 * arguments.
 */
export function script(
  name:
    | 'bench'
    | 'chapter'
    | 'check'
    | 'daemon'
    | 'docs'
    | 'doctor'
    | 'exec'
    | 'matrix'
    | 'replay'
    | 'rescue',
  ...args: string[]
): [string, ...string[]] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const [command = '', ...words] = (scripts[name] ?? '').split(' ')
  return [command, ...words, ...args]
}

/**
 * Whether Node takes `--env-file` for its own option even behind a program,
 * and fails without that file, as 20.18 does. Then our program never starts.
 */
export function nodeTakesEnvFile(): boolean {
  return spawnSync(process.execPath, ['-e', '0', '--', '--env-file', '/nope']).status !== 0
}

/** The reason, for a title or a skipped test. */
export const takenByNode = 'this Node reads --env-file itself'
