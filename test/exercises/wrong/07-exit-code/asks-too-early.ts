/**
 * Asks before the session is over.
 *
 * Verdict: you asked for the exit code while the session was still open
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
    await resizing.rawMode?.release()
    return { ...resizing, ...(await execExitCode(resizing, kit)) }
  },
}
