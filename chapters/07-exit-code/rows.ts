/**
 * What stands beside each declaration of chapter 7.
 *
 * @module
 */

import { in2015, today } from '../../src/questions/lesson.ts'
import type { Rows } from '../../src/questions/rows.ts'

/** The notes on the declarations of `stage.ts`. */
export const rows: Rows = {
  exitCode: {
    docker: [
      in2015(
        'api/client/utils.go',
        'getExecExitCode',
        [298, 322],
        'Inspects the exec and reads its ExitCode.',
      ),
      today(
        'cli/command/container/exec.go',
        'getExecExitStatus',
        [202, 216],
        'The same. A code other than 0 becomes a StatusError, and the client exits with it.',
      ),
    ],
  },
}
