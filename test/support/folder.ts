/**
 * Temporary folders that do not outlive the tests which asked for them.
 *
 * @module
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The longest path that a unix socket may have on Linux; macOS allows three bytes less. */
const longestSocketPath = 103

/** As long as any name that the tests give to a file or socket in such a folder. */
const longestName = '/exec/containerd/containerd-debug.sock'

/**
 * Makes a folder with a short path, so that sockets find room in it.
 *
 * @param label - the beginning of its name, a few letters
 */
export function makeFolder(label: string): string {
  const wanted = join(tmpdir(), `${label}-XXXXXX`)
  const isShort = wanted.length + longestName.length <= longestSocketPath
  return mkdtempSync(join(isShort ? tmpdir() : '/tmp', `${label}-`))
}

const folders = new Set<string>()
process.once('exit', removeAllFolders)

/** Removes the folders that nobody has removed yet. */
export function removeAllFolders(): void {
  for (const folder of folders) removeFolder(folder)
}

/** Makes a folder that is removed behind the tests of this file, if nobody removes it earlier. */
export function temporaryFolder(label = 'wb'): string {
  const folder = makeFolder(label)
  folders.add(folder)
  return folder
}

/** Removes a folder and what is in it. */
export function removeFolder(folder: string): void {
  folders.delete(folder)
  rmSync(folder, { recursive: true, force: true })
}
