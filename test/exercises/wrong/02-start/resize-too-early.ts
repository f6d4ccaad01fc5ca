/**
 * Sends the size at once, because the window should be right from the first moment.
 *
 * Verdict: you sent resize before the daemon had answered the upgrade
 */

import { type Created, consoleSize } from '../../../../chapters/01-create/stage.ts'
import {
  execStartCheck,
  start as reference,
  type Started,
  startDetached,
  startPath,
} from '../../../../chapters/02-start/stage.ts'
import type { Stage } from '../../../../src/course/stage.ts'

export const start: Stage<Created, Started> = {
  ...reference,

  async run(created, kit) {
    if (created.detach) return startDetached(created, kit)
    const size = kit.terminal.size()
    const resized = size
      ? kit.engine.request(
          'POST',
          `/exec/${created.execId}/resize?h=${size.rows}&w=${size.columns}`,
        )
      : Promise.resolve()
    resized.catch(() => {})
    const { reply, connection } = await kit.engine.upgrade(startPath(created), {
      ...execStartCheck(created),
      ...consoleSize(created, kit),
    })
    return {
      ...created,
      reply: {
        status: reply.status,
        contentType: reply.headers['content-type'] ?? '',
        body: reply.body,
      },
      connection: connection
        ? kit.scope.hold('connection', connection, () => void connection.socket.destroy())
        : null,
    }
  },
}
