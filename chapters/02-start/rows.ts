/**
 * What stands beside each declaration of chapter 2.
 *
 * @module
 */

import { in2015, today } from '../../src/questions/lesson.ts'
import type { Rows } from '../../src/questions/rows.ts'

/** The notes on the declarations of `stage.ts`. */
export const rows: Rows = {
  start: {
    docker: [
      in2015(
        'api/client/exec.go',
        'CmdExec',
        [18, 134],
        'Checks the terminal. If detached, posts the start; otherwise `hijack` sends it (chapter 3).',
      ),
      today(
        'cli/command/container/exec.go',
        'interactiveExec',
        [137, 200],
        'Attaches to the exec. That call sends the start with the upgrade.',
      ),
    ],
  },
}
