/**
 * What stands beside each declaration of chapter 3.
 *
 * @module
 */

import { in2015, today } from '../../src/questions/lesson.ts'
import type { Rows } from '../../src/questions/rows.ts'

/** The notes on the declarations of `stage.ts`. */
export const rows: Rows = {
  hijack: {
    docker: [
      in2015(
        'api/client/hijack.go',
        'hijack',
        [130, 257],
        'Dials, asks for the upgrade, and takes the connection.',
      ),
      today(
        'client/hijack.go',
        'setupHijackConn',
        [53, 104],
        'Does the same, and returns the early bytes before the rest.',
      ),
    ],
  },
}
