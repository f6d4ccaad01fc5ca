/**
 * Attaches the streams in the background too.
 *
 * Verdict: with -d nothing is attached
 */

import { type Asked, execConfig as reference } from '../../../../chapters/01-create/stage.ts'
import type { Kit } from '../../../../src/course/kit.ts'

export function execConfig(asked: Asked, kit: Kit): object {
  return {
    ...reference(asked, kit),
    AttachStdin: asked.interactive,
    AttachStderr: true,
    AttachStdout: true,
  }
}
