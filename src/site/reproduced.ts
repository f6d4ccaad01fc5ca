/**
 * What a daemon returned for the lines that repeat an exchange.
 *
 * A test types the lines of the recorded runs into a shell and writes the
 * answers to `docs/tapes/reproduced.json`.
 *
 * @module
 */

import { readFileSync } from 'node:fs'
import type { CameBack } from './reproduce-html.ts'

/** The answers of one daemon. */
export type Reproduced = {
  /** Its product and version: `dockerd 28.5.2`. */
  readonly daemon: string
  readonly lines: readonly {
    /** The name of the run's tape in `docs/tapes/`. */
    readonly tape: string
    /** The line that was typed. */
    readonly line: string
    /** What it printed, without what differs from run to run. */
    readonly printed: string
  }[]
}

/** Reads the answers from a file. */
export function readReproduced(path: string): Reproduced {
  return JSON.parse(readFileSync(path, 'utf8')) as Reproduced
}

/** Returns the answer to a line. Undefined for a line that has none. */
export type CameBackFor = (line: string) => CameBack | undefined

/** Returns what gives the answers to the lines of a run. */
export function cameBackIn({ daemon, lines }: Reproduced, tape: string): CameBackFor {
  return (line) => {
    const found = lines.find((one) => one.tape === tape && one.line === line)
    return found && { daemon, text: found.printed }
  }
}
