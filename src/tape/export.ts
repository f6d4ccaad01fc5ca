/**
 * Writes a tape in another form, which one the ending of the file's name says.
 *
 * @module
 */

import { writeFileSync } from 'node:fs'
import { extname } from 'node:path'
import { Failure } from '../failure.ts'
import type { RecordedTape } from './recorded.ts'

/** Makes the text of a file from a tape. */
type Export = (tape: RecordedTape) => Promise<string>

/** The forms, by the ending of a name. An export is loaded when it is asked for. */
const forms: Readonly<Record<string, Export>> = {
  '.html': async (tape) => (await import('./export-html.ts')).timelineHtml(tape),
  '.cast': async (tape) => (await import('./export-cast.ts')).castOf(tape),
}

/**
 * Writes the file.
 *
 * @throws a {@link Failure} where there is no such form, or the file cannot be written
 */
export async function exportTape(tape: RecordedTape, file: string): Promise<void> {
  const ending = extname(file)
  const form = Object.hasOwn(forms, ending) ? forms[ending] : undefined
  if (!form) {
    throw new Failure(
      `${file} does not say what to make of the tape`,
      125,
      'Its name ends in .html for a page with the timeline, or in .cast for a player of terminals.',
    )
  }
  const text = await form(tape)
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw new Failure(`cannot write ${file}: ${(error as Error).message}`)
  }
}
