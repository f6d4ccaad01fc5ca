/**
 * What the doctor finds, one thing at a time.
 *
 * @module
 */

import type { FailureName } from './failures.ts'

/** `note` stands in nobody's way, `problem` does; `skipped` could not be tried. */
export type Status = 'ok' | 'note' | 'problem' | 'skipped'

/** One thing that was looked at. */
export type Finding = {
  /** What was looked at: `Node.js`, `the default socket`. */
  readonly about: string
  readonly status: Status
  /** What was seen, for the person who sits here: paths, addresses and a daemon's own words. */
  readonly saw: string
  /**
   * The same for somebody else: no path, no address, no name of a person, a host or a registry, no
   * value of a variable. Left out where `saw` has none of these.
   */
  readonly shared?: string
  /** Which of the known failures it is. */
  readonly failure?: FailureName
}

/** Follows an examination. */
export type Watcher = {
  /** A new part begins. */
  readonly part: (title: string) => void
  /** Something begins that may take long. It is shown only if it does. */
  readonly trying: (what: string) => void
  /** Something that takes long goes on. */
  readonly progress: (line: string) => void
  /** Something was found. */
  readonly tell: (finding: Finding) => void
}
