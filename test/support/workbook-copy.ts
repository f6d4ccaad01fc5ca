/**
 * A copy of the workbook in another folder.
 *
 * @module
 */

import { cpSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './scripts.ts'

/**
 * Copies all that the commands need into a folder, and returns the folder.
 * The packages are a link. With `src` as a link too, everything would be
 * compiled at every start.
 */
export function copyWorkbook(folder: string): string {
  for (const name of ['chapters', 'src', 'package.json', 'package-lock.json', 'tsconfig.json']) {
    cpSync(join(root, name), join(folder, name), {
      recursive: true,
      filter: (path) => path !== join(root, 'chapters', 'mine'),
    })
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return folder
}
