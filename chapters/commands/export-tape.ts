/**
 * Writes a tape in another form. The ending of the name says which.
 *
 * @module
 */

import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, extname, resolve } from 'node:path'
import { loadScreenSvg } from '../../src/beside/load-beside.ts'
import { castOf } from '../../src/export/cast.ts'
import { timelineHtml } from '../../src/export/page.ts'
import { codeOf, Failure } from '../../src/process/failure.ts'
import { describeSaveError } from '../../src/process/learner.ts'
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
 * Writes the file, or the site with this run in its chapters if the name ends
 * in a slash. Overwrites nothing: a file of that name may be yours.
 *
 * @throws a {@link Failure} if the name has another ending, or it cannot be
 * written
 */
export async function exportTape(tape: Tape, name: string): Promise<void> {
  if (/[/\\]$/.test(name)) return exportSite(tape, name)
  const ending = extname(name)
  const form = Object.hasOwn(forms, ending) ? forms[ending] : undefined
  if (!form) {
    throw new Failure(
      `cannot export to ${name}: the name must end in .html, .cast, .svg or /`,
      125,
      'Use .html for a page with the diagram, .cast for a terminal player, .svg for a picture, and a folder’s name with / for the chapters with this run.',
    )
  }
  const text = await form(tape)
  try {
    // The run may show what others should not read.
    writeFileSync(name, text, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw notWritten(name, error)
    const hint = 'Remove it, or choose another name.'
    throw new Failure(`cannot export to ${name}: it exists`, 125, hint)
  }
}

/** Says why the file or the folder could not be written. */
function notWritten(path: string, error: unknown): Failure {
  return new Failure(`cannot write ${path}: ${describeSaveError(error, dirname(path))}`)
}

/**
 * Writes the site into a new folder. What makes its pages is loaded only
 * here, because it takes a second.
 */
async function exportSite(tape: Tape, name: string): Promise<void> {
  // With a slash behind it, a file of that name would not be found.
  const folder = resolve(name)
  if (existsSync(folder) && (!statSync(folder).isDirectory() || readdirSync(folder).length > 0)) {
    throw new Failure(`cannot export to ${name}: it exists and is not an empty folder`, 125)
  }
  try {
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 })
    accessSync(folder, constants.W_OK)
  } catch (error) {
    throw notWritten(name, error)
  }
  process.stdout.write('This takes a few seconds …\n')
  const { writeOwnSite } = require('./site-pages.ts') as typeof import('./site-pages.ts')
  try {
    await writeOwnSite(tape, folder)
  } catch (error) {
    // An error without a code is ours, and not about the folder.
    throw codeOf(error) === '' ? error : notWritten(name, error)
  }
}
