/**
 * Where the workbook keeps what belongs to the learner and not to the repository: progress, tapes,
 * copies of exercises.
 *
 * @module
 */

import { homedir } from 'node:os'
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
