/**
 * What the workbook prints and does around stage 6, resize.
 *
 * @module
 */

import type { Companion } from '../../src/run/companion.ts'
import { endingText, wayOutOfSession } from '../../src/tasks/way-out.ts'
import type { Copying } from '../05-copy-loops/stage.ts'
import type { Resizing } from './stage.ts'

/** The companion of chapter 6. */
export const companion: Companion<Copying, Resizing> = {
  needs: ['execId', 'tty', 'ended'],

  summarize({ size }) {
    if (!size) {
      return 'There is no size to send: the command has no tty, or our input or output isn’t a terminal.'
    }
    return size.rows === 0 && size.columns === 0
      ? 'Our window has no known size (0 by 0), so we sent nothing. We send its size after each change.'
      : `We sent the size of our window, ${size.rows} rows and ${size.columns} columns. We send it again after each change.`
  },

  wayOut: wayOutOfSession,

  sessionEnd: async (resizing) => endingText(await resizing.ended, resizing),
}
