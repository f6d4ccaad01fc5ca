/**
 * Passes on the status in the place of the reply.
 *
 * Verdict: the reply that you passed on has no status
 */

import type { Created } from '../../../../chapters/01-create/stage.ts'
import { start as reference, type Started } from '../../../../chapters/02-start/stage.ts'
import { isDone, type Stage } from '../../../../src/course/stage.ts'

export const start: Stage<Created, Started> = {
  ...reference,

  async run(created, kit) {
    const started = await reference.run(created, kit)
    return isDone(started) ? started : { ...started, reply: started.reply.status as never }
  },
}
