/**
 * Temporary folders that are removed after the tests.
 *
 * @module
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * The longest path that macOS allows for a Unix socket. Linux allows a few
 * bytes more.
 */
const longestSocketPath = 103

/** The longest socket name that the tests use in such a folder. */
const longestName = '/exec/containerd/containerd-debug.sock'

/**
 * Creates a folder whose path is short enough for Unix sockets in it.
 *
 * @param label - the beginning of its name, a few letters
 */
export function makeFolder(label: string): string {
  const path = join(tmpdir(), `${label}-XXXXXX`)
  const isShort = path.length + longestName.length <= longestSocketPath
  return mkdtempSync(join(isShort ? tmpdir() : '/tmp', `${label}-`))
}

/** Names the folder of a test run to its processes. */
const variable = 'WORKBOOK_TEST_RUN'

/**
 * Creates a folder for what several test files share, and names it to the
 * processes that we start. The caller removes it after the run. If one
 * exists, returns undefined.
 */
export function makeRunFolder(): string | undefined {
  if (process.env[variable] !== undefined) return undefined
  const folder = makeFolder('wbrun')
  process.env[variable] = folder
  return folder
}

/** Returns the folder of this test run. */
export function runFolder(): string {
  const folder = process.env[variable]
  if (folder === undefined) throw new Error('there is no test run')
  return folder
}

const folders = new Set<string>()
process.once('exit', removeAllFolders)

/** Removes the folders that still exist. */
export function removeAllFolders(): void {
  for (const folder of folders) removeFolder(folder)
}

/**
 * Creates a folder that is removed after the tests of this file, if not
 * earlier.
 */
export function temporaryFolder(label = 'wb'): string {
  const folder = makeFolder(label)
  folders.add(folder)
  return folder
}

/** Removes a folder and its contents. */
export function removeFolder(folder: string): void {
  folders.delete(folder)
  // Podman may still be writing to it.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
