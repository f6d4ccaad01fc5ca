/**
 * Takes -t for -i.
 *
 * Verdict: with -i stdin is attached
 */

import { type Asked, execConfig as reference } from '../../../../chapters/01-create/stage.ts'
import type { Kit } from '../../../../src/course/kit.ts'

export function execConfig(asked: Asked, kit: Kit): object {
  return { ...reference(asked, kit), AttachStdin: !asked.detach && asked.tty }
}
