/**
 * Who the learner is to this machine, and where the workbook keeps what is theirs: progress, tapes,
 * copies of exercises.
 *
 * @module
 */

import { createHash } from 'node:crypto'
import { accessSync, constants, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { basename, join } from 'node:path'
import { codeOf, Failure, systemErrorText } from './failure.ts'

/** The folder of the repository. */
const checkout = join(__dirname, '..', '..')

/**
 * The folder of everything that is kept: `.workbook` in the checkout, so that a second clone begins
 * from the start. A checkout that belongs to another user, or is read-only, has its folder below
 * `~/.local/state`, on Windows below LOCALAPPDATA. If XDG_STATE_HOME is set, it is there.
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

/** Whether a folder belongs to this user, who may write into it. */
function isOurs(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    const user = process.getuid?.()
    return user === undefined || statSync(folder).uid === user
  } catch {
    return false
  }
}

/** Makes the folder, or a folder in it, for this user alone, and returns its path. */
export function makeStateFolder(...names: readonly string[]): string {
  const folder = join(stateFolder(), ...names)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** Why nothing could be kept in a folder, as the end of a sentence that names it. */
export function whyNotKept(error: unknown, folder: string): string {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `there is no folder ${folder}.`
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `nothing may be written into ${folder}.`
    case 'ENOSPC':
    case 'EDQUOT':
      return `there is no room left in ${folder}.`
    default:
      return (error as Error).message
  }
}

/** What was set aside by {@link startOver} is in folders of this name. */
const setAside = /^before-/

/**
 * Begins again: moves everything that is kept into a folder beside it, with the date in its name.
 * The learner's exercises in `chapters/mine` stay as they are.
 *
 * @returns that folder, or undefined where nothing was kept
 * @throws a {@link Failure} if it cannot be moved
 */
export function startOver(now = new Date()): string | undefined {
  const folder = stateFolder()
  try {
    const names = describeKept(folder).filter((name) => !setAside.test(name))
    if (names.length === 0) return undefined
    const aside = makeStateFolder(`before-${now.toISOString().replace(/[:.]/g, '-')}`)
    for (const name of names) renameSync(join(folder, name), join(aside, name))
    return aside
  } catch (error) {
    throw new Failure(`could not move what is in ${folder}: ${systemErrorText(error)}`)
  }
}

function describeKept(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    // There is none yet.
    return []
  }
}

/** The name of the user, or the number of one whom the system has no name for, as in many containers. */
export function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `${process.getuid?.() ?? 'unknown'}`
  }
}
