/**
 * Changes the terminal, and believes that this is all there is to do.
 *
 * Verdict: your stage returned nothing
 */

import type { Hijacked } from '../../../../chapters/03-hijack/stage.ts'
import { type Raw, rawMode as reference } from '../../../../chapters/04-raw-mode/stage.ts'
import type { Stage } from '../../../../src/course/stage.ts'

export const rawMode: Stage<Hijacked, Raw> = {
  ...reference,

  async run(_hijacked, kit) {
    kit.scope.hold('raw mode', 'raw' as const, kit.terminal.setRawMode())
    return undefined as unknown as Raw
  },
}
