/**
 * Writes a tape in another form, which one the ending of the file's name says.
 *
 * @module
 */

import { writeFileSync } from 'node:fs'
import { extname } from 'node:path'
import { Failure } from '../process/failure.ts'
import type { Tape } from '../tape/event.ts'
import { castOf } from './cast.ts'
import { timelineHtml } from './page.ts'

/** Makes the text of a file from a tape. */
type Export = (tape: Tape) => string

/** The forms, by the ending of a name. */
const forms: Readonly<Record<string, Export>> = {
  '.html': timelineHtml,
  '.cast': castOf,
}

/**
 * Writes the file.
 *
 * @throws a {@link Failure} where there is no such form, or the file cannot be written
 */
export function exportTape(tape: Tape, file: string): void {
  const ending = extname(file)
  const form = Object.hasOwn(forms, ending) ? forms[ending] : undefined
  if (!form) {
    throw new Failure(
      `${file} does not say what to make of the tape`,
      125,
      'Its name ends in .html for a page with the timeline, or in .cast for a player of terminals.',
    )
  }
  const text = form(tape)
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw new Failure(`cannot write ${file}: ${(error as Error).message}`)
  }
}
