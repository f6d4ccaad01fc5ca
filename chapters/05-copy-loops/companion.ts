/**
 * How the workbook runs and describes stage 5, copy loops.
 *
 * @module
 */

import type { Companion } from '../../src/run/companion.ts'
import { endingText, wayOutOfSession } from '../../src/tasks/way-out.ts'
import type { Raw } from '../04-raw-mode/stage.ts'
import type { Copying } from './stage.ts'

/** The companion of chapter 5. */
export const companion: Companion<Raw, Copying> = {
  needs: ['wire', 'early', 'framing', 'rawMode', 'interactive', 'tty', 'detachKeys'],

  summarize: ({ tty }) =>
    tty
      ? 'Two loops run: one shows the output of the container’s terminal, the other sends our keys.'
      : 'Two loops run: one unpacks frames into stdout and stderr, the other sends our stdin.',

  wayOut: wayOutOfSession,

  sessionEnd: async (copying) => endingText(await copying.ended, copying),
}
