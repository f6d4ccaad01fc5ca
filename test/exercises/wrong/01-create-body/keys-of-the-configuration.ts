/**
 * Lets the configuration count more than the command line.
 *
 * Verdict: come before those of the configuration
 */

import { type Asked, execConfig as reference } from '../../../../chapters/01-create/stage.ts'
import type { Kit } from '../../../../src/course/kit.ts'

export function execConfig(asked: Asked, kit: Kit): object {
  return { ...reference(asked, kit), DetachKeys: kit.engine.config.detachKeys || asked.detachKeys }
}
