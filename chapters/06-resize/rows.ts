/**
 * What stands beside each declaration of chapter 6.
 *
 * @module
 */

import { in2015, today } from '../../src/questions/lesson.ts'
import type { Rows } from '../../src/questions/rows.ts'

/** The notes on the declarations of `stage.ts`. */
export const rows: Rows = {
  resize: {
    docker: [
      in2015(
        'api/client/utils.go',
        'monitorTtySize',
        [324, 351],
        'Sends the size once, and again on every SIGWINCH.',
      ),
      today(
        'cli/command/container/tty.go',
        'MonitorTtySize',
        [71, 97],
        'The same, but initTtySize retries up to ten times because the process may not be running yet.',
      ),
    ],
  },
}
