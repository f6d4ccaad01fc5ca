/**
 * A fix that is the same on every system.
 *
 * @module
 */

import type { KnownFailure } from './failures.ts'

/** Writes it once for all three. */
export function everywhere(fix: string): KnownFailure['fix'] {
  return { linux: fix, darwin: fix, win32: fix }
}
