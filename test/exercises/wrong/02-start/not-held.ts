/**
 * Holds the connection in a way that gives nothing back: not at all.
 *
 * Verdict: you did not hold the connection
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
    const held = { label: 'connection', release: async () => {}, isLive: () => true }
    return {
      ...created,
      reply: {
        status: reply.status,
        contentType: reply.headers['content-type'] ?? '',
        body: reply.body,
      },
      connection: connection ? { ...held, value: connection } : null,
    }
  },
}
