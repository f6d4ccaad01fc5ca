/**
 * Throws what the daemon refuses.
 *
 * Verdict: a refusal is passed on as the reply
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
import { Failure } from '../../../../src/process/failure.ts'
import { messageOf } from '../../../../src/stream/http.ts'

export const start: Stage<Created, Started> = {
  ...reference,

  async run(created, kit) {
    if (created.detach) return startDetached(created, kit)
    const { reply, connection } = await kit.engine.upgrade(startPath(created), {
      ...execStartCheck(created),
      ...consoleSize(created, kit),
    })
    if (!connection) throw new Failure(messageOf(reply))
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
