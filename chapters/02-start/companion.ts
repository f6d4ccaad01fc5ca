/**
 * How the workbook runs and describes stage 2, start.
 *
 * @module
 */

import { endCommand } from '../../src/exec/end-command.ts'
import type { Companion } from '../../src/run/companion.ts'
import type { Created } from '../01-create/stage.ts'
import type { Started } from './stage.ts'

/** The companion of chapter 2. */
export const companion: Companion<Created, Started> = {
  needs: ['execId', 'detach', 'tty'],

  summarize: ({ reply, connection, tty, interactive }) =>
    connection
      ? `The daemon answered ${reply.status}: it starts the command, and this connection ${tty ? 'leads to its terminal' : `carries its ${interactive ? 'stdin, ' : ''}stdout and stderr`}.`
      : `The daemon answered ${reply.status} instead of 101, so we have no connection to take over.`,

  // The command runs, but we won't open a session with it.
  async endSession(started) {
    await endCommand(started, started.connection?.value)
  },
}
