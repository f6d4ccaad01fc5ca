/**
 * Asks for the connection in the background too.
 *
 * Verdict: you asked for an upgrade with -d
 */

import { type Created, consoleSize } from '../../../../chapters/01-create/stage.ts'
import {
  execStartCheck,
  start as reference,
  type Started,
  startPath,
} from '../../../../chapters/02-start/stage.ts'
import type { Stage } from '../../../../src/course/stage.ts'

export const start: Stage<Created, Started> = {
  ...reference,

  async run(created, kit) {
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
