/**
 * Turns a command line into the input of chapter 1.
 *
 * @module
 */

import { isOlder } from '../../src/engine/api-version.ts'
import { checkVariable, readVariables } from '../../src/process/environment.ts'
import { Failure } from '../../src/process/failure.ts'
import type { CommandLine, OptionTable } from '../../src/process/options.ts'
import type { Asked } from '../01-create/stage.ts'

/** The options of `docker exec`. */
export const execOptions = {
  detach: { type: 'switch', short: 'd' },
  'detach-keys': { type: 'value' },
  env: {
    type: 'list',
    short: 'e',
    since: '1.25',
    /** `NAME=value`, or `NAME` to copy our own variable. */
    check: checkVariable,
  },
  'env-file': { type: 'list', since: '1.25' },
  interactive: { type: 'switch', short: 'i' },
  privileged: { type: 'switch' },
  tty: { type: 'switch', short: 't' },
  user: { type: 'value', short: 'u' },
  workdir: { type: 'value', short: 'w', since: '1.35' },
} as const satisfies OptionTable

type Options = CommandLine<typeof execOptions>['options']

/**
 * Returns the given options that not every API version knows: their names and
 * their first versions.
 */
export function newerOptions(options: Options): (readonly [name: string, since: string])[] {
  return Object.entries(execOptions).flatMap(([name, option]) =>
    'since' in option && options[name as keyof Options] !== undefined ? [[name, option.since]] : [],
  )
}

/** Fails for options that an API version doesn't know yet, as docker does. */
export function rejectNewerOptions(options: Options, apiVersion: string): void {
  const lines = newerOptions(options)
    .filter(([, since]) => isOlder(apiVersion, since))
    .map(
      ([name, since]) =>
        `"--${name}" requires API version ${since}, but the Docker daemon API version is ${apiVersion}`,
    )
  if (lines.length > 0) throw new Failure(lines.join('\n'))
}

/**
 * Creates the input of the first stage. Reads the files named by
 * `--env-file`.
 */
export function askedFrom(options: Options, container: string, command: readonly string[]): Asked {
  return {
    container,
    command,
    user: options.user ?? '',
    privileged: options.privileged ?? false,
    tty: options.tty ?? false,
    interactive: options.interactive ?? false,
    detach: options.detach ?? false,
    detachKeys: options['detach-keys'] ?? '',
    env: readVariables(options['env-file'] ?? [], options.env ?? [], process.env),
    workingDir: options.workdir ?? '',
  }
}
