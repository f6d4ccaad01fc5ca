/**
 * Listens, and never stops.
 *
 * Verdict: you still listen for SIGWINCH
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
    kit.terminal.onResize(() => void sendSize(copying, kit))
    if (!(await sendSize(copying, kit))) void tryAgain(copying, kit)
    return {
      ...copying,
      size: kit.terminal.size() ?? null,
      resizes: {
        label: 'window size',
        value: 'SIGWINCH',
        release: async () => {},
        isLive: () => true,
      },
    }
  },
}
