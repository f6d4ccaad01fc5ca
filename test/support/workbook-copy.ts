/**
 * Copies of the workbook in other folders.
 *
 * @module
 */

import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { runFolder } from './folder.ts'
import { root } from './scripts.ts'

/** What a command has compiled in a copy is kept, for a faster start. */
const kept = ['.cache', 'node_modules']

const parts = ['chapters', 'src', 'package.json', 'package-lock.json', 'tsconfig.json']

/** Copies of this process that no test uses at the moment. */
const free: string[] = []

/**
 * Copies all that the commands need into a folder, and returns the folder.
 * The packages are a link. With `src` as a link too, everything would be
 * compiled at every start.
 */
export function copyWorkbook(folder: string): string {
  for (const name of parts) {
    cpSync(join(root, name), join(folder, name), {
      recursive: true,
      filter: (path) => path !== join(root, 'chapters', 'mine'),
    })
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

/**
 * Takes a copy that was given back, or makes one. It must not be changed,
 * except for the learner's own files and new files beside the workbook's.
 */
export function takeCopy(): string {
  return free.pop() ?? copyWorkbook(mkdtempSync(join(runFolder(), 'copy-')))
}

/** Gives a copy back for other tests, without what was added to it. */
export function giveBack(copy: string): void {
  const added = readdirSync(copy).filter((name) => ![...kept, ...parts].includes(name))
  for (const name of [...added, join('chapters', 'mine')]) {
    rmSync(join(copy, name), { recursive: true, force: true })
  }
  free.push(copy)
}
