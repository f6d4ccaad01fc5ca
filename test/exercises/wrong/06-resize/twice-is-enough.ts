/**
 * Tries a second time, and leaves it at that.
 *
 * Verdict: would have taken the third
 */

import type { Copying } from '../../../../chapters/05-copy-loops/stage.ts'
import {
  type Resizing,
  resize as reference,
  sendSize,
} from '../../../../chapters/06-resize/stage.ts'
import type { Stage } from '../../../../src/course/stage.ts'

export const resize: Stage<Copying, Resizing> = {
  ...reference,

  async run(copying, kit) {
    if (!copying.tty || !kit.terminal.inputIsTerminal)
      return { ...copying, size: null, resizes: null }
    const stop = kit.terminal.onResize(() => void sendSize(copying, kit))
    const resizes = kit.scope.hold('window size', 'SIGWINCH' as const, stop)
    if (!(await sendSize(copying, kit))) void sendSize(copying, kit)
    return { ...copying, size: kit.terminal.size() ?? null, resizes }
  },
}
