/**
 * Keeps tapes as files: in the learner's own folder, the newest ones, or where the learner wants one.
 *
 * @module
 */

import {
  chmodSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { codeOf, Failure } from '../process/failure.ts'
import { describeSaveError, makeStateFolder, stateFolder } from '../process/learner.ts'
import type { Tape, TapeEvent } from './event.ts'
import { maskLearner, tracesOfLearner } from './mask.ts'

/** What the learner says about the tape of a run. */
export type TapeChoice = {
  /** False where none is to be kept. */
  readonly keep: boolean
  /** The file to write. Undefined for one in the learner's folder, with the date in its name. */
  readonly file: string | undefined
  /** Whether what was typed is to be in it. */
  readonly typed: boolean
}

/** So many tapes stay in the learner's folder; each has some hundred kilobytes at the most. */
export const tapesKept = 20

/** The folder. */
export function tapesFolder(environment?: NodeJS.ProcessEnv): string {
  return join(stateFolder(environment), 'tapes')
}

/** `2026-03-01T09-30-00.250Z-chapter-4-raw-mode.tape`. Names in order are dates in order. */
const ownName = /^\d{4}-\d\d-\d\dT[\d.-]+Z-chapter-.*\.tape$/

/** The tapes in the folder, the newest first. */
export function keptTapes(folder = tapesFolder()): string[] {
  try {
    const names = readdirSync(folder).filter((name) => ownName.test(name))
    return names.sort().reverse()
  } catch {
    return []
  }
}

/**
 * Writes a tape. What cannot be written is told of in a sentence, if anybody listens, and stops
 * nothing.
 *
 * @param daemonHost - the daemon's address, which is taken out wherever it stands
 * @returns the file, or undefined where there is none
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
    warn(`The tape of this run could not be kept: ${describeSaveError(error, dirname(file))}`)
    return undefined
  }
}

/** A tape as the text of a file. */
export function tapeText({ head, events }: Tape): string {
  return [head, ...events].map((line) => `${JSON.stringify(line)}\n`).join('')
}

/** The same tape, where of what was typed only the length is left. */
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

/** An old tape may be written over, anything else may not: the file is named in a hurry. */
function refuseOther(file: string): void {
  try {
    if (!statSync(file).isFile()) throw new Failure(`${file} is no ordinary file.`)
    const begin = readFileSync(file, 'utf8').slice(0, 20)
    if (begin === '' || begin.startsWith('{"kind":"tape"')) return
    throw new Failure(`${file} is there already and is no tape.`)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

/** Written beside and renamed, so that a full disk leaves no half a tape under the name of a whole one. */
function write(file: string, text: string): void {
  const beside = join(dirname(file), `.${process.pid}.tape.new`)
  try {
    writeFileSync(beside, text, { mode: 0o600 })
    // The mode counts only for a file that is made anew.
    chmodSync(beside, 0o600)
    renameSync(beside, file)
  } finally {
    rmSync(beside, { force: true })
  }
}

function removeOldest(folder: string): void {
  for (const name of keptTapes(folder).slice(tapesKept)) rmSync(join(folder, name), { force: true })
}
