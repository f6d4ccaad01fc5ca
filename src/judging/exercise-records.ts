/**
 * Stores the learner's progress on the exercises: how many hints were given,
 * and the last verdict with a hash of the file it judged.
 *
 * @module
 */

import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeStateFolder, stateFolder } from '../process/learner.ts'
import type { Exercise } from './exercise.ts'
import { isStarted, ownFileOf } from './own-file.ts'

/** The stored record of one exercise. */
export type ExerciseRecord = {
  /** How many hints have been given. */
  readonly hints: number
  /** Whether the last check passed. Undefined if there was no check. */
  readonly right?: boolean
  /** The hash of the file that the last check judged. */
  readonly checked?: string
}

/** The learner's progress on one exercise. */
export type ExerciseProgress =
  | 'not started'
  | 'not checked yet'
  | 'not right yet'
  | 'right'
  | 'changed since'

/**
 * Returns the learner's progress. A verdict holds only for the exact text it
 * judged.
 */
export function progressOf(exercise: Exercise, root: string): ExerciseProgress {
  if (!isStarted(exercise, root)) return 'not started'
  const { right, checked } = readRecord(exercise)
  if (right === undefined) return 'not checked yet'
  if (checked !== hashOf(readFileSync(ownFileOf(exercise, root)))) return 'changed since'
  return right ? 'right' : 'not right yet'
}

/**
 * Finds the next exercise that isn't right, starting after `from` and
 * wrapping around.
 *
 * @returns undefined if all the others are right
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
    // The file is missing or unreadable. The next check writes a new one.
    return {}
  }
}

/** Reads the record of an exercise. */
export function readRecord({ name }: Exercise): ExerciseRecord {
  return readAllRecords()[name] ?? { hints: 0 }
}

/** Records that a hint was given. */
export function recordHint(exercise: Exercise, number: number): void {
  const { hints } = readRecord(exercise)
  updateRecord(exercise, { hints: Math.max(hints, number) })
}

/** Records a verdict and the text it judged. */
export function recordVerdict(exercise: Exercise, right: boolean, text: string): void {
  updateRecord(exercise, { right, checked: hashOf(text) })
}

/** Deletes the record of an exercise: its hints and its verdict. */
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

/** Writes all records as indented JSON. */
function writeRecords(all: Readonly<Record<string, ExerciseRecord>>): void {
  try {
    makeStateFolder()
    writeFileSync(recordFile(), `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 })
  } catch {
    // Without a writable home directory we only lose the records.
  }
}
