/**
 * Sends the command as one text, as a shell would take it.
 *
 * Verdict: Cmd is a list
 */

import { type Asked, execConfig as reference } from '../../../../chapters/01-create/stage.ts'
import type { Kit } from '../../../../src/course/kit.ts'

export function execConfig(asked: Asked, kit: Kit): object {
  return { ...reference(asked, kit), Cmd: asked.command.join(' ') }
}
