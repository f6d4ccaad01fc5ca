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

  summarize({ tty, interactive }) {
    const output = tty
      ? 'shows the output of the container’s terminal'
      : 'unpacks frames into stdout and stderr'
    return interactive
      ? `Two loops run: one ${output}, the other sends our ${tty ? 'keys' : 'stdin'}.`
      : `The output loop ${output}. Without -i we have no input to send, so we half-close.`
  },

  wayOut: wayOutOfSession,

  sessionEnd: async (copying) => endingText(await copying.ended, copying),
}
