/**
 * Takes a refused size for the end.
 *
 * Verdict: a wrong size is no reason for that
 */

import type { Copying } from '../../../../chapters/05-copy-loops/stage.ts'
import {
  type Resizing,
  resize as reference,
  sendSize,
} from '../../../../chapters/06-resize/stage.ts'
import type { Stage } from '../../../../src/course/stage.ts'
import { Failure } from '../../../../src/process/failure.ts'

export const resize: Stage<Copying, Resizing> = {
  ...reference,

  async run(copying, kit) {
    if (!copying.tty || !kit.terminal.inputIsTerminal)
      return { ...copying, size: null, resizes: null }
    const stop = kit.terminal.onResize(() => void sendSize(copying, kit))
    const resizes = kit.scope.hold('window size', 'SIGWINCH' as const, stop)
    if (!(await sendSize(copying, kit))) throw new Failure('cannot set the size')
    return { ...copying, size: kit.terminal.size() ?? null, resizes: resizes }
  },
}
