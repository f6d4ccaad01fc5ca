/**
 * Asks for the code after the detach keys as well.
 *
 * Verdict: the learner detached, and you asked for the exit code
 */

import type { Resizing } from '../../../../chapters/06-resize/stage.ts'
import {
  type Exited,
  execExitCode,
  exitCode as reference,
} from '../../../../chapters/07-exit-code/stage.ts'
import type { Stage } from '../../../../src/course/stage.ts'

export const exitCode: Stage<Resizing, Exited> = {
  ...reference,

  async run(resizing, kit) {
    const ending = await resizing.ended
    await resizing.rawMode?.release()
    await resizing.resizes?.release()
    if (ending.by === 'error') return { ...resizing, exitCode: 1, message: ending.error.message }
    return { ...resizing, ...(await execExitCode(resizing, kit)) }
  },
}
