/**
 * What the workbook says and does around stage 5, copy loops.
 *
 * @module
 */

import type { Companion } from '../../src/run/companion.ts'
import { leavingStory, wayOutOfSession } from '../../src/tasks/way-out.ts'
import type { Raw } from '../04-raw-mode/stage.ts'
import type { Copying } from './stage.ts'

/** The companion of chapter 5. */
export const companion: Companion<Raw, Copying> = {
  needs: ['wire', 'early', 'framing', 'rawMode', 'interactive', 'tty', 'detachKeys'],

  summarize: ({ tty }) =>
    tty
      ? 'Two loops run: the terminal’s output comes to our stdout, our keys go to it.'
      : 'Two loops run: frames are taken apart into stdout and stderr, our stdin goes to the command.',

  wayOut: wayOutOfSession,

  sessionEnd: async (copying) => leavingStory(await copying.ended, copying),
}
