/**
 * Gives the terminal back when all is known.
 *
 * Verdict: here in all. Release rawMode first
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
    await resizing.resizes?.release()
    if (ending.by === 'detach keys') {
      return { ...resizing, exitCode: 1, message: 'read escape sequence' }
    }
    if (ending.by === 'error') return { ...resizing, exitCode: 1, message: ending.error.message }
    const exited = { ...resizing, ...(await execExitCode(resizing, kit)) }
    await resizing.rawMode?.release()
    return exited
  },
}
