/**
 * Writes a tape in another form. The ending of the file's name says which.
 *
 * @module
 */

import { writeFileSync } from 'node:fs'
import { extname } from 'node:path'
import { loadScreenSvg } from '../../src/beside/load-beside.ts'
import { castOf } from '../../src/export/cast.ts'
import { timelineHtml } from '../../src/export/page.ts'
import { Failure } from '../../src/process/failure.ts'
import type { Tape } from '../../src/tape/event.ts'

/** Returns the text of a file that is made from a tape. */
type Export = (tape: Tape) => string | Promise<string>

/** The forms, by the ending of a name. */
const forms: Readonly<Record<string, Export>> = {
  '.html': timelineHtml,
  '.cast': castOf,
  '.svg': (tape) => loadScreenSvg().screenSvg(tape),
}

/**
 * Writes the file.
 *
 * @throws a {@link Failure} if the name has another ending or the file cannot
 * be written
 */
export async function exportTape(tape: Tape, file: string): Promise<void> {
  const ending = extname(file)
  const form = Object.hasOwn(forms, ending) ? forms[ending] : undefined
  if (!form) {
    throw new Failure(
      `cannot export to ${file}: the file name must end in .html, .cast or .svg`,
      125,
      'Use .html for a page with the diagram, .cast for a terminal player, .svg for a picture.',
    )
  }
  const text = await form(tape)
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw new Failure(`cannot write ${file}: ${(error as Error).message}`)
  }
}
