/**
 * Says something where there is nothing to say.
 *
 * Verdict: the message is "done", and it has to be ""
 */

import type { Resizing } from '../../../../chapters/06-resize/stage.ts'
import { type Exited, exitCode as reference } from '../../../../chapters/07-exit-code/stage.ts'
import { isDone, type Stage } from '../../../../src/course/stage.ts'

export const exitCode: Stage<Resizing, Exited> = {
  ...reference,

  async run(resizing, kit) {
    const exited = await reference.run(resizing, kit)
    return isDone(exited) ? exited : { ...exited, message: exited.message || 'done' }
  },
}
