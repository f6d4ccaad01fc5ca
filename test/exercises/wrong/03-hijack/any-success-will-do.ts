/**
 * Takes each 2xx for a yes.
 *
 * Verdict: the daemon answered 200 and not 101, and you went on
 */

import type { Started } from '../../../../chapters/02-start/stage.ts'
import {
  type Hijacked,
  notUpgraded,
  hijack as reference,
} from '../../../../chapters/03-hijack/stage.ts'
import type { Stage } from '../../../../src/course/stage.ts'

export const hijack: Stage<Started, Hijacked> = {
  ...reference,

  async run(started, kit) {
    const connection = started.connection?.value
    if (started.reply.status >= 300) throw notUpgraded(started)
    if (!connection)
      return {
        ...started,
        wire: null,
        early: new Uint8Array(),
        framing: 'raw',
      } as unknown as Hijacked
    if (connection.overTcp) connection.socket.setKeepAlive(true, 30_000)
    return {
      ...started,
      wire: kit.scope.hold('wire', connection, () => void connection.socket.end()),
      early: connection.takeEarlyBytes(),
      framing: started.tty ? 'raw' : 'stdcopy',
    }
  },
}
