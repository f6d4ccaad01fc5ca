/**
 * Starts in the background, and goes on as if there were a session.
 *
 * Verdict: and you passed on a state as if it went on
 */

import type { Created } from '../../../../chapters/01-create/stage.ts'
import {
  start as reference,
  type Started,
  startDetached,
} from '../../../../chapters/02-start/stage.ts'
import type { Stage } from '../../../../src/course/stage.ts'

export const start: Stage<Created, Started> = {
  ...reference,

  async run(created, kit) {
    if (!created.detach) return reference.run(created, kit)
    await startDetached(created, kit)
    return created as Started
  },
}
