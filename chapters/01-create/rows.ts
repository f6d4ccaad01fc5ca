/**
 * What stands beside each declaration of chapter 1.
 *
 * @module
 */

import { in2015, today } from '../../src/questions/lesson.ts'
import type { Rows } from '../../src/questions/rows.ts'

/** The notes on the declarations of `stage.ts`. */
export const rows: Rows = {
  create: {
    docker: [
      in2015(
        'api/client/exec.go',
        'CmdExec',
        [18, 134],
        'Posts the ExecConfig and reads the Id from the answer.',
      ),
      today(
        'cli/command/container/exec.go',
        'RunExec',
        [87, 128],
        'Inspects the container first, so a mistyped name is reported before a missing terminal. Then it calls ExecCreate, with the size of the console.',
      ),
    ],
  },
}
