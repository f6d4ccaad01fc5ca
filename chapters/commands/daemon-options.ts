/**
 * The options that select the daemon.
 *
 * @module
 */

import type { DaemonChoice } from '../../src/find/find-engine.ts'
import type { CommandLine, OptionTable } from '../../src/process/options.ts'
import { practiceProgram } from './paths.ts'

/** The options that chapter, check and doctor share. */
export const daemonOptions = {
  image: { type: 'value' },
  host: { type: 'value' },
  practice: { type: 'switch' },
} as const satisfies OptionTable

/** Returns the selected daemon. Faults imply the practice daemon. */
export function daemonFor(
  { host, practice }: CommandLine<typeof daemonOptions>['options'],
  faults: readonly string[] = [],
): DaemonChoice {
  return { host, practice: practice ?? faults.length > 0, faults, program: practiceProgram }
}
