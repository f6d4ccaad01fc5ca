/**
 * Saves tapes: the newest in the learner's state folder, or one in a file
 * that the learner names.
 *
 * @module
 */

import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { codeOf, Failure } from '../process/failure.ts'
import { describeSaveError, makeStateFolder, stateFolder } from '../process/learner.ts'
import type { Tape, TapeEvent } from './event.ts'
import { maskLearner, tracesOfLearner } from './mask.ts'

/** The learner's options for the tape of a run. */
export type TapeChoice = {
  /** False to save no tape. */
  readonly keep: boolean
  /**
   * The file to write. Undefined for a dated file in the learner's folder.
   */
  readonly file: string | undefined
  /** Whether to save typed input. */
  readonly typed: boolean
}

/**
 * How many tapes the learner's folder keeps. Each has a few hundred kilobytes
 * at most.
 */
export const tapesKept = 20

/** Returns the folder for tapes. */
export function tapesFolder(environment?: NodeJS.ProcessEnv): string {
  return join(stateFolder(environment), 'tapes')
}

/**
 * `2026-03-01T09-30-00.250Z-chapter-4-raw-mode.tape`. Sorting by name sorts
 * by date.
 */
const ownName = /^\d{4}-\d\d-\d\dT[\d.-]+Z-chapter-.*\.tape$/

/** Returns the names of the tapes in the folder, newest first. */
export function keptTapes(folder = tapesFolder()): string[] {
  try {
    const names = readdirSync(folder).filter((name) => ownName.test(name))
    return names.sort().reverse()
  } catch {
    return []
  }
}

/**
 * Saves a tape. If that fails it calls `warn` and does not throw.
 *
 * @param daemonHost - the daemon's address, which is masked everywhere in the
 * tape
 * @returns the file, or undefined if none was written
 */
export function keepTape(
  tape: Tape,
  choice: TapeChoice,
  daemonHost: string,
  warn: (line: string) => void = () => {},
): string | undefined {
  if (!choice.keep) return undefined
  const folder = tapesFolder()
  const file = choice.file ?? join(folder, nameOf(tape))
  try {
    if (choice.file === undefined) makeStateFolder('tapes')
    else refuseOther(choice.file)
    const safe = maskLearner(tape, tracesOfLearner(daemonHost))
    write(file, tapeText(choice.typed ? safe : withoutInput(safe)))
    if (choice.file === undefined) removeOldest(folder)
    return file
  } catch (error) {
    warn(`Could not save the tape of this run: ${describeSaveError(error, dirname(file))}`)
    return undefined
  }
}

/** Returns the text of a tape file. */
export function tapeText({ head, events }: Tape): string {
  return [head, ...events].map((line) => `${JSON.stringify(line)}\n`).join('')
}

/** Returns the tape with typed input reduced to its length. */
export function withoutInput({ head, events }: Tape): Tape {
  const bare = (event: TapeEvent): TapeEvent => {
    if ((event.kind !== 'sent' && event.kind !== 'received') || !event.typed) return event
    const { hex: _, ...rest } = event
    return rest
  }
  return { head: { ...head, typed: false }, events: events.map(bare) }
}

function nameOf({ head: { made, chapter, stages } }: Tape): string {
  const name = (stages.at(-1) ?? '').replaceAll(/[^a-z0-9]+/gi, '-')
  return `${made.replaceAll(':', '-')}-chapter-${chapter}-${name}.tape`
}

/**
 * Refuses to overwrite anything but a tape or an empty file: a file name is
 * easily mistyped.
 */
function refuseOther(file: string): void {
  try {
    if (!statSync(file).isFile()) throw new Failure(`${file} is not a regular file.`)
    const begin = readFileSync(file, 'utf8').slice(0, 20)
    if (begin === '' || begin.startsWith('{"kind":"tape"')) return
    throw new Failure(`${file} already exists and is not a tape.`)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

/**
 * Writes a temporary file and renames it, so a full disk cannot leave half a
 * tape.
 */
function write(file: string, text: string): void {
  // In a folder like /tmp another user may have put a link under a name that
  // can be guessed. `wx` follows none.
  const temporary = join(dirname(file), `.${randomBytes(8).toString('hex')}.tape.new`)
  try {
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' })
    renameSync(temporary, file)
  } finally {
    rmSync(temporary, { force: true })
  }
}

function removeOldest(folder: string): void {
  for (const name of keptTapes(folder).slice(tapesKept)) rmSync(join(folder, name), { force: true })
}
