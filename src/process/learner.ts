/**
 * The learner's user name, and the folder for their progress, tapes and
 * copies of exercises.
 *
 * @module
 */

import { createHash } from 'node:crypto'
import { accessSync, constants, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { basename, join } from 'node:path'
import { codeOf, Failure, systemErrorText } from './failure.ts'

/** The root of the repository. */
const checkout = join(__dirname, '..', '..')

/**
 * Returns the folder for everything that we keep. It is `.workbook` in the
 * checkout, so a second clone starts from scratch. If the checkout is
 * read-only or belongs to another user, it is below `~/.local/state`, or
 * below LOCALAPPDATA on Windows. XDG_STATE_HOME overrides both.
 */
export function stateFolder(
  environment: NodeJS.ProcessEnv = process.env,
  root: string = checkout,
): string {
  const name = 'docker-exec-workbook'
  if (environment.XDG_STATE_HOME) return join(environment.XDG_STATE_HOME, name)
  if (isOurs(root)) return join(root, '.workbook')
  const home = environment.HOME || homedir()
  const base =
    process.platform === 'win32'
      ? environment.LOCALAPPDATA || join(home, 'AppData', 'Local')
      : join(home, '.local', 'state')
  const hash = createHash('sha256').update(root).digest('hex').slice(0, 8)
  return join(base, name, `${basename(root)}-${hash}`)
}

/** Whether a folder belongs to this user and is writable. */
function isOurs(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    const user = process.getuid?.()
    return user === undefined || statSync(folder).uid === user
  } catch {
    return false
  }
}

/**
 * Creates the folder, or a subfolder, readable by this user only, and returns
 * its path.
 */
export function makeStateFolder(...names: readonly string[]): string {
  const folder = join(stateFolder(), ...names)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

/**
 * Returns why a file could not be saved in a folder, as the end of a
 * sentence.
 */
export function describeSaveError(error: unknown, folder: string): string {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `the folder ${folder} does not exist.`
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `you have no permission to write to ${folder}.`
    case 'ENOSPC':
    case 'EDQUOT':
      return `no space is left in ${folder}.`
    // An error of our own is a sentence already.
    case '':
      return (error as Error).message
    default:
      return `${systemErrorText(error)}.`
  }
}

/** The names of folders that {@link startOver} made. */
const backupFolderName = /^before-/

/**
 * Starts over: moves everything in the folder into a subfolder with the date
 * in its name. The learner's exercises in `chapters/mine` are not touched.
 *
 * @returns the subfolder, or undefined if there was nothing to move
 * @throws a {@link Failure} if a file cannot be moved
 */
export function startOver(now = new Date()): string | undefined {
  const folder = stateFolder()
  try {
    const names = listStateFolder(folder).filter((name) => !backupFolderName.test(name))
    if (names.length === 0) return undefined
    const aside = makeStateFolder(`before-${now.toISOString().replace(/[:.]/g, '-')}`)
    for (const name of names) renameSync(join(folder, name), join(aside, name))
    return aside
  } catch (error) {
    throw new Failure(`could not move the files in ${folder}: ${systemErrorText(error)}`)
  }
}

function listStateFolder(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    // The folder does not exist yet.
    return []
  }
}

/**
 * Returns the user's name, or their number if the system has no name for it,
 * as in many containers.
 */
export function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `${process.getuid?.() ?? 'unknown'}`
  }
}
