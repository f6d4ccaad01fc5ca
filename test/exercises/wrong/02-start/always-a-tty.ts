/**
 * Says Tty also where there is none.
 *
 * Verdict: you sent "Tty":true with the start
 */

import { type Created, consoleSize } from '../../../../chapters/01-create/stage.ts'
import {
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
    const { reply, connection } = await kit.engine.upgrade(startPath(created), {
      Detach: false,
      Tty: true,
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
