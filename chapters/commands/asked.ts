/**
 * Turns a command line into the input of chapter 1.
 *
 * @module
 */

import { checkVariable, readVariables } from '../../src/process/environment.ts'
import type { CommandLine, OptionTable } from '../../src/process/options.ts'
import type { Asked } from '../01-create/stage.ts'

/** The options of `docker exec`. */
export const execOptions = {
  detach: { type: 'switch', short: 'd' },
  'detach-keys': { type: 'value' },
  env: {
    type: 'list',
    short: 'e',
    /** `NAME=value`, or `NAME` to copy our own variable. */
    check: checkVariable,
  },
  'env-file': { type: 'list' },
  interactive: { type: 'switch', short: 'i' },
  privileged: { type: 'switch' },
  tty: { type: 'switch', short: 't' },
  user: { type: 'value', short: 'u' },
  workdir: { type: 'value', short: 'w' },
} as const satisfies OptionTable

/**
 * Creates the input of the first stage. Reads the files named by
 * `--env-file`.
 */
export function askedFrom(
  options: CommandLine<typeof execOptions>['options'],
  container: string,
  command: readonly string[],
): Asked {
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
