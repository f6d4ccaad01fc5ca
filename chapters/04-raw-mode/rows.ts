/**
 * What stands beside each declaration of chapter 4.
 *
 * @module
 */

import { in2015, today } from '../../src/questions/lesson.ts'
import type { Rows } from '../../src/questions/rows.ts'

/** The notes on the declarations of `stage.ts`. */
export const rows: Rows = {
  rawMode: {
    docker: [
      in2015(
        'pkg/term/term.go',
        'SetRawTerminal',
        [100, 107],
        'Sets raw mode, and returns the old state for the restore.',
      ),
      today(
        'cli/command/container/hijack.go',
        'setupInput',
        [74, 106],
        'Sets raw mode, and wraps the input to watch for the detach keys.',
      ),
    ],
  },
}
