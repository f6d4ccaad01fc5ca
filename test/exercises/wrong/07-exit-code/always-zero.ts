/**
 * Believes that a stream that ended well is a command that ended well.
 *
 * Verdict: you did not ask the daemon for the exit code
 */

import type { Resizing } from '../../../../chapters/06-resize/stage.ts'
import { type Exited, exitCode as reference } from '../../../../chapters/07-exit-code/stage.ts'
import type { Stage } from '../../../../src/course/stage.ts'

export const exitCode: Stage<Resizing, Exited> = {
  ...reference,

  async run(resizing) {
    const ending = await resizing.ended
    await resizing.rawMode?.release()
    await resizing.resizes?.release()
    if (ending.by === 'detach keys')
      return { ...resizing, exitCode: 1, message: 'read escape sequence' }
    if (ending.by === 'error') return { ...resizing, exitCode: 1, message: ending.error.message }
    return { ...resizing, exitCode: 0, message: '' }
  },
}
