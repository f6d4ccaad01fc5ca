/**
 * Sends the start as a request like any other.
 *
 * Verdict: without asking for an upgrade
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
    const reply = await kit.engine.request('POST', startPath(created), {
      ...execStartCheck(created),
      ...consoleSize(created, kit),
    })
    return {
      ...created,
      reply: { status: reply.status, contentType: '', body: reply.body },
      connection: null,
    }
  },
}
