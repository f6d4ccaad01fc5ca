/**
 * Sets the keep-alive on whatever socket it is.
 *
 * Verdict: you set a keep-alive on a unix socket
 */

import type { Started } from '../../../../chapters/02-start/stage.ts'
import { type Hijacked, hijack as reference } from '../../../../chapters/03-hijack/stage.ts'
import type { Stage } from '../../../../src/course/stage.ts'

export const hijack: Stage<Started, Hijacked> = {
  ...reference,

  async run(started, kit) {
    started.connection?.value.socket.setKeepAlive(true, 30_000)
    return reference.run(started, kit)
  },
}
