/**
 * Waits for the end by looking again and again.
 *
 * Verdict: your code never gave control back
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
    let over = false
    void resizing.ended.then(() => {
      over = true
    })
    while (!over) {
      // Nothing else can happen meanwhile, and so nothing does.
    }
    return { ...resizing, ...(await execExitCode(resizing, kit)) }
  },
}
