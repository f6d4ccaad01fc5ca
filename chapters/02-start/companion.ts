/**
 * What the workbook says and does around stage 2, start.
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

  summarize: ({ reply, connection, tty }) =>
    connection
      ? `The daemon answered ${reply.status}: the command runs, and this connection ${tty ? 'leads to its terminal' : 'carries its stdin, stdout and stderr'}.`
      : `The daemon answered ${reply.status} and not 101: there is no connection to take over.`,

  // The command runs, and nobody will talk to it.
  async endSession(started) {
    await endCommand(started, started.connection?.value)
  },
}
