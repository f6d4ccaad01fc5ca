/**
 * What a measurement gives: a table, and the targets that it is judged by.
 *
 * @module
 */

import type { Contender } from './contenders.ts'
import type { BenchEngine } from './engines.ts'

/** The rounds of one contender, by column. */
export type Row = {
  readonly name: string
  /** The values of each column, one per round. Missing if it takes no part. */
  readonly values: Readonly<Record<string, readonly number[]>>
  /** Why it takes no part, or has no values. */
  readonly note?: string
}

/** A column of a table. */
export type Column = {
  readonly key: string
  /** With the unit: `CPU, s`. */
  readonly title: string
  readonly digits: number
  /** Whether a larger value is the better one. */
  readonly isRate?: boolean
}

/** What the workbook should reach. */
export type Target = {
  /** What is compared: `CPU, to the reused buffer`. */
  readonly what: string
  readonly value: number
  /** The largest value that is good enough, or the smallest. */
  readonly limit: { readonly atMost: number } | { readonly atLeast: number }
}

/** One measurement on one daemon. */
export type Table = {
  /** The name of the case: `out`. */
  readonly name: string
  readonly title: string
  /** The daemon, or empty for a measurement in memory. */
  readonly engine: string
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
  /** The row that ratios are to. They are of the first column. */
  readonly base: string
  readonly targets: readonly Target[]
  /** A sentence about the figures, for below the table. */
  readonly note?: string
}

/** What every case gets. */
export type Bench = {
  readonly engines: readonly BenchEngine[]
  readonly contenders: readonly Contender[]
  /** The folder with the peers' packages, if they are installed. */
  readonly peers: string | undefined
  /** A temporary folder. */
  readonly folder: string
  readonly isQuick: boolean
  /** The environment of a contender. */
  readonly environmentFor: (engine: BenchEngine) => NodeJS.ProcessEnv
  /** Shows a line of progress. */
  readonly say: (line: string) => void
}

/** One row of the benchmark's list. */
export type Case = {
  readonly name: string
  /** What it measures, for `--list`. */
  readonly about: string
  /** Whether it talks to a daemon. */
  readonly needsEngine: boolean
  readonly run: (bench: Bench) => Promise<readonly Table[]>
}

/** Returns the values of a row's column. */
export function valuesOf(rows: readonly Row[], name: string, key: string): readonly number[] {
  return rows.find((row) => row.name === name)?.values[key] ?? []
}

/** Collects the values of rounds, contender by contender. */
export function createRows(names: readonly string[]): {
  readonly add: (name: string, values: Readonly<Record<string, number>>) => void
  /** Takes the contender out of the rounds that follow. */
  readonly drop: (name: string, note: string) => void
  readonly isIn: (name: string) => boolean
  readonly rows: () => Row[]
} {
  const values = new Map<string, Record<string, number[]>>(names.map((name) => [name, {}]))
  const notes = new Map<string, string>()
  return {
    add(name, sample) {
      const row = values.get(name) ?? {}
      for (const [key, value] of Object.entries(sample)) row[key] = [...(row[key] ?? []), value]
    },
    drop(name, note) {
      notes.set(name, note)
      values.set(name, {})
    },
    isIn: (name) => !notes.has(name),
    rows: () =>
      [...values].map(([name, row]) => {
        const note = notes.get(name)
        return { name, values: row, ...(note !== undefined && { note }) }
      }),
  }
}
