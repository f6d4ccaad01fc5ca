/**
 * Sends the size once, and that is that.
 *
 * Verdict: the window changed to 24 by 80 and no request went out
 */

import type { Copying } from '../../../../chapters/05-copy-loops/stage.ts'
import {
  type Resizing,
  resize as reference,
  sendSize,
  tryAgain,
} from '../../../../chapters/06-resize/stage.ts'
import type { Stage } from '../../../../src/course/stage.ts'

export const resize: Stage<Copying, Resizing> = {
  ...reference,

  async run(copying, kit) {
    if (!copying.tty || !kit.terminal.inputIsTerminal)
      return { ...copying, size: null, resizes: null }
    const resizes = kit.scope.hold('window size', 'SIGWINCH' as const, () => {})
    if (!(await sendSize(copying, kit))) void tryAgain(copying, kit)
    return { ...copying, size: kit.terminal.size() ?? null, resizes: resizes }
  },
}
