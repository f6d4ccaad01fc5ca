/**
 * What the workbook says and does around stage 3, hijack.
 *
 * @module
 */

import { endCommand } from '../../src/exec/end-command.ts'
import type { Companion } from '../../src/run/companion.ts'
import type { Started } from '../02-start/stage.ts'
import type { Hijacked } from './stage.ts'

/** The companion of chapter 3. */
export const companion: Companion<Started, Hijacked> = {
  needs: ['reply', 'connection', 'tty'],

  summarize: ({ early, framing }) =>
    `The socket is ours, and with it the ${early.length} bytes that had come with the answer. Output comes ${
      framing === 'raw'
        ? 'as the terminal in the container writes it'
        : 'in frames, each behind a header'
    }.`,

  async linger(hijacked) {
    await endCommand(hijacked, hijacked.wire.value)
  },
}
