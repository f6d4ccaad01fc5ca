/**
 * Ends the process with the code, as a program would.
 *
 * Verdict: your code ended the process
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
    await resizing.ended
    await resizing.rawMode?.release()
    const { exitCode } = await execExitCode(resizing, kit)
    process.exit(exitCode)
  },
}
