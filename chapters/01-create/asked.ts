/**
 * The initial state of a session, for experiments, trials and tests.
 *
 * @module
 */

import type { Asked } from './stage.ts'

/** Returns what `docker exec CONTAINER true` asks for, with changes. */
export function asked(container: string, changes: Partial<Asked> = {}): Asked {
  return {
    container,
    command: ['true'],
    user: '',
    privileged: false,
    tty: false,
    interactive: false,
    detach: false,
    detachKeys: '',
    env: [],
    workingDir: '',
    ...changes,
  }
}
