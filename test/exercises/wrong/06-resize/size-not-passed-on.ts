/**
 * Sends the size, and says that there is none.
 *
 * Verdict: the size that you passed on is null
 */

import type { Copying } from '../../../../chapters/05-copy-loops/stage.ts'
import { type Resizing, resize as reference } from '../../../../chapters/06-resize/stage.ts'
import type { Stage } from '../../../../src/course/stage.ts'

export const resize: Stage<Copying, Resizing> = {
  ...reference,

  async run(copying, kit) {
    return { ...(await reference.run(copying, kit)), size: null }
  },
}
