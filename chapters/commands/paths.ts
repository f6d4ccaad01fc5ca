/**
 * Where things are in the repository.
 *
 * @module
 */

import { join } from 'node:path'

/** The folder of the repository. */
export const root = join(__dirname, '..', '..')

/** The program of the practice daemon. */
export const practiceProgram = join(root, 'src', 'practice', 'main.ts')

/** The numbered folders, in the order of the chapters. */
const folders = [
  '01-create',
  '02-start',
  '03-hijack',
  '04-raw-mode',
  '05-copy-loops',
  '06-resize',
  '07-exit-code',
]

/**
 * The folder of a chapter, as a path in the repository: `chapters/03-hijack`.
 *
 * @param chapter - its number, counted from 1
 */
export function chapterFolder(chapter: number): string {
  return join('chapters', folders[chapter - 1] ?? '')
}
