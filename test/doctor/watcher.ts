/**
 * A watcher that keeps what it is told.
 *
 * @module
 */

import type { Finding, Watcher } from '../../src/doctor/finding.ts'

/** Makes one. `about` finds what was told of a thing. */
export function keepingWatcher(): Watcher & {
  readonly findings: readonly Finding[]
  readonly about: (thing: string) => Finding | undefined
} {
  const findings: Finding[] = []
  return {
    findings,
    about: (thing) => findings.find(({ about }) => about === thing),
    part: () => {},
    trying: () => {},
    progress: () => {},
    tell: (finding) => void findings.push(finding),
  }
}
