/**
 * Leaves the size of the window to chapter 6.
 *
 * Verdict: the size of the window goes with the request
 */

import { type Asked, execConfig as reference } from '../../../../chapters/01-create/stage.ts'
import type { Kit } from '../../../../src/course/kit.ts'

export function execConfig(asked: Asked, kit: Kit): object {
  return { ...reference(asked, kit), ConsoleSize: undefined }
}
