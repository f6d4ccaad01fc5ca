/**
 * The options that select the daemon.
 *
 * @module
 */

import type { DaemonChoice } from '../../src/find/find-engine.ts'
import { Failure } from '../../src/process/failure.ts'
import type { CommandLine, OptionTable } from '../../src/process/options.ts'
import { practiceProgram } from './paths.ts'

/** The options that chapter, check and doctor share. */
export const daemonOptions = {
  image: { type: 'value' },
  host: { type: 'value' },
  practice: { type: 'switch' },
} as const satisfies OptionTable

type Options = CommandLine<typeof daemonOptions>['options']

/**
 * Returns the selected daemon. Faults imply the practice daemon.
 *
 * @throws a {@link Failure} if the options select two daemons
 */
export function daemonFor(options: Options, faults: readonly string[] = []): DaemonChoice {
  const { host, image } = options
  const practice = options.practice ?? faults.length > 0
  const other = host !== undefined ? '--host' : image !== undefined ? '--image' : undefined
  if (practice && other) {
    const chosen = options.practice ? '--practice' : '--fault'
    throw new Failure(
      `cannot use ${chosen} with ${other}: the practice daemon has its own address and container`,
      125,
      `Leave out ${chosen} or ${other}.`,
    )
  }
  return { host, practice, faults, program: practiceProgram }
}
