/**
 * The options with which a command says on which daemon it works.
 *
 * @module
 */

import type { DaemonChoice } from '../../src/find/find-engine.ts'
import type { CommandLine, OptionTable } from '../../src/process/options.ts'
import { practiceProgram } from './paths.ts'

/** The options that chapter, check and doctor have in common. */
export const daemonOptions = {
  image: { type: 'value' },
  host: { type: 'value' },
  practice: { type: 'switch' },
} as const satisfies OptionTable

/** The daemon that is meant. Faults are a practice daemon's. */
export function daemonFor(
  { host, practice }: CommandLine<typeof daemonOptions>['options'],
  faults: readonly string[] = [],
): DaemonChoice {
  return { host, practice: practice ?? faults.length > 0, faults, program: practiceProgram }
}
