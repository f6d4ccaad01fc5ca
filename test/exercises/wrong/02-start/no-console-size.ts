/**
 * Sends the two fields and not the size of the window.
 *
 * Verdict: takes it here as well
 * Since: 1.42
 */

import type { Created } from '../../../../chapters/01-create/stage.ts'
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
    const { reply, connection } = await kit.engine.upgrade(
      startPath(created),
      execStartCheck(created),
    )
    const { status, headers, body } = reply
    return {
      ...created,
      reply: { status, contentType: headers['content-type'] ?? '', body },
      connection: connection
        ? kit.scope.hold('connection', connection, () => void connection.socket.destroy())
        : null,
    }
  },
}
