/**
 * Switches, and throws the way back away.
 *
 * Verdict: you left the terminal raw
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
    kit.terminal.setRawMode()
    return { ...hijacked, rawMode: kit.scope.hold('raw mode', 'raw' as const, () => {}) }
  },
}
