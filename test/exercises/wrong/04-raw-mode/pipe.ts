/**
 * Does not ask whether there is a terminal.
 *
 * Verdict: a pipe has no modes
 */

import type { Hijacked } from '../../../../chapters/03-hijack/stage.ts'
import { type Raw, rawMode as reference } from '../../../../chapters/04-raw-mode/stage.ts'
import type { Stage } from '../../../../src/course/stage.ts'

export const rawMode: Stage<Hijacked, Raw> = {
  ...reference,

  async run(hijacked, kit) {
    const wanted = hijacked.interactive && hijacked.tty && !process.env.NORAW
    if (!wanted) return { ...hijacked, rawMode: null }
    const restore = kit.terminal.setRawMode()
    return { ...hijacked, rawMode: kit.scope.hold('raw mode', 'raw' as const, restore) }
  },
}
