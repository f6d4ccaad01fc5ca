/**
 * Holds the connection, and has no way back for it.
 *
 * Verdict: the connection is still open
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
    const { reply, connection } = await kit.engine.upgrade(startPath(created), {
      ...execStartCheck(created),
      ...consoleSize(created, kit),
    })
    const { status, headers, body } = reply
    return {
      ...created,
      reply: { status, contentType: headers['content-type'] ?? '', body },
      connection: connection ? kit.scope.hold('connection', connection, () => {}) : null,
    }
  },
}
