/**
 * The commands of package.json, as npm runs them, but without npm between the test and them.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folder of the project. */
export const root = join(import.meta.dirname, '..', '..')

/**
 * The words that run a command as a user who may not open everything: root may, so root becomes
 * nobody for it.
 */
export function asOrdinaryUser(words: readonly string[]): [string, ...string[]] {
  const [command = '', ...args] = words
  if (process.getuid?.() !== 0) return [command, ...args]
  const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups']
  return ['setpriv', ...nobody, command, ...args]
}

/** The words that run a script of package.json with these arguments. */
export function script(
  name: 'chapter' | 'check' | 'daemon' | 'doctor' | 'exec' | 'replay' | 'rescue',
  ...args: string[]
): [string, ...string[]] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const [command = '', ...words] = (scripts[name] ?? '').split(' ')
  return [command, ...words, ...args]
}
