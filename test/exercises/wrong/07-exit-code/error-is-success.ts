/**
 * Takes a broken connection for the end of the command.
 *
 * Verdict: the connection broke and your exit code is 0
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
    if (ending.by === 'detach keys')
      return { ...resizing, exitCode: 1, message: 'read escape sequence' }
    if (ending.by === 'error') return { ...resizing, exitCode: 0, message: '' }
    return { ...resizing, ...(await execExitCode(resizing, kit)) }
  },
}
