/**
 * Believes that a terminal needs no stderr attached.
 *
 * Verdict: without it the errors are, with a tty or not
 */

import { type Asked, execConfig as reference } from '../../../../chapters/01-create/stage.ts'
import type { Kit } from '../../../../src/course/kit.ts'

export function execConfig(asked: Asked, kit: Kit): object {
  return { ...reference(asked, kit), AttachStderr: !asked.detach && !asked.tty }
}
