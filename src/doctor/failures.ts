/**
 * What can be wrong, what it means, and what helps on which system. The doctor names a failure and
 * looks it up here; whoever prepares a room for a workshop reads it as a list.
 *
 * @module
 */

import { daemonFailures } from './daemon-failures.ts'
import { execFailures } from './exec-failures.ts'
import { machineFailures } from './machine-failures.ts'

/** A system that has a fix of its own. */
export type System = 'linux' | 'darwin' | 'win32'

/** Something that can be wrong. */
export type KnownFailure = {
  /** `permission-denied` */
  readonly name: string
  /** What it means, in a sentence or two. */
  readonly means: string
  /** What to do, with the command where there is one. */
  readonly fix: Readonly<Record<System, string>>
}

/** All that the doctor knows, in the order in which it looks for them. */
export const failures = [...machineFailures, ...daemonFailures, ...execFailures] as const

/** The name of one of them. */
export type FailureName = (typeof failures)[number]['name']

/** Looks one up. */
export function failureNamed(name: FailureName): KnownFailure {
  const found = failures.find((failure) => failure.name === name)
  if (!found) throw new Error(`no failure is called ${name}`)
  return found
}

/** The system whose fixes are shown. One that is none of the three gets those of Linux. */
export function systemOf(platform: NodeJS.Platform): System {
  return platform === 'darwin' || platform === 'win32' ? platform : 'linux'
}
