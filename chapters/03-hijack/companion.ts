/**
 * What the workbook says and does around stage 3, hijack.
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
        ? 'No output had come together with the answer.'
        : `${countOf(early.length, 'byte')} of output had come together with the answer.`
    } From here on it comes ${
      framing === 'raw'
        ? 'as the terminal in the container writes it'
        : 'in frames, each behind a header'
    }.`,

  async endSession(hijacked) {
    await endCommand(hijacked, hijacked.wire.value)
  },
}
