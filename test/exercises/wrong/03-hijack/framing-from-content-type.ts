/**
 * Believes the Content-Type.
 *
 * Verdict: before API 1.42 the Content-Type is raw-stream in both cases
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
    // What the daemon of the first trial says happens to be right from API 1.42 on.
    return {
      ...started,
      wire: kit.scope.hold('wire', connection, () => void connection.socket.end()),
      early: connection.takeEarlyBytes(),
      framing: started.reply.contentType.includes('multiplexed') ? 'stdcopy' : 'raw',
    }
  },
}
