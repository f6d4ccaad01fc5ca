/**
 * What stands beside each declaration of chapter 5.
 *
 * @module
 */

import { in2015, today } from '../../src/questions/lesson.ts'
import type { Rows } from '../../src/questions/rows.ts'

/** The notes on the declarations of `stage.ts`. */
export const rows: Rows = {
  copyLoops: {
    docker: [
      in2015(
        'api/client/hijack.go',
        'hijack',
        [130, 257],
        'Two goroutines do the copying: receiveStdout and sendStdin.',
      ),
      today(
        'cli/command/container/hijack.go',
        'stream',
        [40, 72],
        'Starts beginOutputStream and beginInputStream; the session is over when the output ends or you detach.',
      ),
    ],
  },
}
