/**
 * What the workbook says and does around stage 3.
 *
 * @module
 */

import { endCommand } from '../../src/exec/end-command.ts'
import type { Companion } from '../../src/run/companion.ts'
import { countOf } from '../../src/text/count.ts'
import type { Started } from '../02-start/stage.ts'
import type { Hijacked } from './stage.ts'

/** The companion of chapter 3. */
export const companion: Companion<Started, Hijacked> = {
  needs: ['reply', 'connection', 'tty'],

  summarize: ({ early, framing }) =>
    `The socket is ours. ${
      early.length === 0
        ? 'No output had arrived yet.'
        : `${countOf(early.length, 'byte')} of output had already arrived.`
    } From here on the output comes ${
      framing === 'raw'
        ? 'unframed, as the container’s terminal writes it'
        : 'in frames, and each has a header'
    }.`,

  async endSession(hijacked) {
    await endCommand(hijacked, hijacked.wire.value)
  },
}
