/**
 * Who the learner is to this machine, and where the workbook keeps what is theirs: progress, tapes,
 * copies of exercises.
 *
 * @module
 */

import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'

/** `~/.local/state/docker-exec-workbook`, or what XDG_STATE_HOME says; on Windows below LOCALAPPDATA. */
export function stateFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const home = environment.HOME || homedir()
  const base =
    process.platform === 'win32'
      ? environment.LOCALAPPDATA || join(home, 'AppData', 'Local')
      : environment.XDG_STATE_HOME || join(home, '.local', 'state')
  return join(base, 'docker-exec-workbook')
}

/** The name of the user, or the number of one whom the system has no name for, as in many containers. */
export function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `${process.getuid?.() ?? 'unknown'}`
  }
}
