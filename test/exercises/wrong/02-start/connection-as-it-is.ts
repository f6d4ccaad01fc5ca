/**
 * Holds the connection, and passes on what is not held.
 *
 * Verdict: what goes on is what kit.scope.hold gives back
 */

import type { Created } from '../../../../chapters/01-create/stage.ts'
import { start as reference, type Started } from '../../../../chapters/02-start/stage.ts'
import { isDone, type Stage } from '../../../../src/course/stage.ts'

export const start: Stage<Created, Started> = {
  ...reference,

  async run(created, kit) {
    const started = await reference.run(created, kit)
    if (isDone(started)) return started
    return { ...started, connection: started.connection?.value as never }
  },
}
