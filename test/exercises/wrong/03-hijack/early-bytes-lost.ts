/**
 * Takes the socket and forgets what the HTTP parser had read already.
 *
 * Verdict: the HTTP parser had read them already
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
    if (started.reply.status !== 101 || !connection) throw notUpgraded(started)
    if (connection.overTcp) connection.socket.setKeepAlive(true, 30_000)
    connection.takeEarlyBytes()
    return {
      ...started,
      wire: kit.scope.hold('wire', connection, () => void connection.socket.end()),
      early: new Uint8Array(),
      framing: started.tty ? 'raw' : 'stdcopy',
    }
  },
}
