/**
 * Gives the terminal back in its own finally.
 *
 * Verdict: you gave the terminal back before the session began
 */

import type { Hijacked } from '../../../../chapters/03-hijack/stage.ts'
import { type Raw, rawMode as reference } from '../../../../chapters/04-raw-mode/stage.ts'
import type { Stage } from '../../../../src/course/stage.ts'

export const rawMode: Stage<Hijacked, Raw> = {
  ...reference,

  async run(hijacked, kit) {
    if (
      !(hijacked.interactive && hijacked.tty && kit.terminal.inputIsTerminal && !process.env.NORAW)
    )
      return { ...hijacked, rawMode: null }
    const held = kit.scope.hold('raw mode', 'raw' as const, kit.terminal.setRawMode())
    try {
      return { ...hijacked, rawMode: held }
    } finally {
      await held.release()
    }
  },
}
