/**
 * What is remembered of the learner's exercises: the hints that were given, and the last verdict with
 * a hash of the file that it was about.
 *
 * @module
 */

import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeStateFolder, stateFolder } from '../process/learner.ts'
import type { Exercise } from './exercise.ts'
import { isStarted, ownFileOf } from './own-file.ts'

/** What is remembered of an exercise. */
export type ExerciseRecord = {
  /** How many hints have been given. */
  readonly hints: number
  /** Whether the last check was passed; undefined if there was no check. */
  readonly right?: boolean
  /** The hash of the file that was checked. */
  readonly checked?: string
}

/** How far the learner is with an exercise. */
export type ExerciseProgress =
  | 'not started'
  | 'not checked yet'
  | 'not right yet'
  | 'right'
  | 'changed since'

/** Says how far the learner is. A verdict counts for the file that it was about, and no other. */
export function progressOf(exercise: Exercise, root: string): ExerciseProgress {
  if (!isStarted(exercise, root)) return 'not started'
  const { right, checked } = readRecord(exercise)
  if (right === undefined) return 'not checked yet'
  if (checked !== hashOf(readFileSync(ownFileOf(exercise, root)))) return 'changed since'
  return right ? 'right' : 'not right yet'
}

/**
 * The next exercise that is not right: the first one behind this, and else the first of all.
 *
 * @returns undefined where all others are right
 */
export function nextExercise(
  exercises: readonly Exercise[],
  root: string,
  from?: Exercise,
): Exercise | undefined {
  const at = from ? exercises.indexOf(from) + 1 : 0
  const others = [...exercises.slice(at), ...exercises.slice(0, at)].filter((one) => one !== from)
  return others.find((exercise) => progressOf(exercise, root) !== 'right')
}

const recordFile = (): string => join(stateFolder(), 'exercises.json')

function readAllRecords(): Record<string, ExerciseRecord> {
  try {
    return JSON.parse(readFileSync(recordFile(), 'utf8')) as Record<string, ExerciseRecord>
  } catch {
    // The file is missing or cannot be read. The next check finds out again what it said.
    return {}
  }
}

/** What is remembered of an exercise. */
export function readRecord({ name }: Exercise): ExerciseRecord {
  return readAllRecords()[name] ?? { hints: 0 }
}

/** Remembers that a hint was given. */
export function recordHint(exercise: Exercise, number: number): void {
  const { hints } = readRecord(exercise)
  updateRecord(exercise, { hints: Math.max(hints, number) })
}

/** Remembers a verdict, and the text that it is about. */
export function recordVerdict(exercise: Exercise, right: boolean, text: string): void {
  updateRecord(exercise, { right, checked: hashOf(text) })
}

/** Forgets hints and verdict of an exercise, as if it had never been begun. */
export function forgetRecord({ name }: Exercise): void {
  const { [name]: _, ...others } = readAllRecords()
  writeRecords(others)
}

function updateRecord(exercise: Exercise, changes: Partial<ExerciseRecord>): void {
  writeRecords({ ...readAllRecords(), [exercise.name]: { ...readRecord(exercise), ...changes } })
}

function hashOf(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** Writes what is remembered into a file that a person can read. */
function writeRecords(all: Readonly<Record<string, ExerciseRecord>>): void {
  try {
    makeStateFolder()
    writeFileSync(recordFile(), `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 })
  } catch {
    // A home that cannot be written to costs the memory of a hint, and nothing else.
  }
}
