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
    `The socket is ours. ${early.length} bytes had come with the answer; what comes now is ${
      framing === 'raw' ? 'the terminal’s output as it is' : 'in stdcopy frames'
    }.`,

  async linger(hijacked) {
    await endCommand(hijacked, hijacked.wire.value)
  },
}
